import type { FailureKind } from "./failure.ts";
import type { Target } from "./target.ts";

/** Something wrong that the log has told of, until a poll of the credential succeeds and nobody has it any more. */
export interface Fault {
  readonly kind: FailureKind;
  readonly sinceMonoMs: number;
  /** Keys of the interconnects whose last poll failed by it. */
  readonly failing: Set<string>;
  /** Keys of all that have had it. */
  readonly met: Set<string>;
  /** Whether it was told that answers have grown too old by it. */
  staleTold: boolean;
}

/** What is wrong: mostly something that is the same for all interconnects of a credential; only a 404 is about one of them. */
const CAUSES = ["connection", "credential", "limit", "answer", "interconnect"] as const;
type Cause = (typeof CAUSES)[number];

/** A change of kind within one cause is no new fault. */
const CAUSE_OF: Readonly<Record<FailureKind, Cause>> = {
  timeout: "connection",
  network: "connection",
  tls: "connection",
  server_error: "connection",
  unauthorized: "credential",
  forbidden: "credential",
  rate_limited: "limit",
  throttled: "limit",
  client_error: "answer",
  invalid_response: "answer",
  internal: "answer",
  not_found: "interconnect",
};

/** All that is wrong now. */
export interface KnownFaults {
  /** A poll of the target failed; whether that is a fault of which nothing was known. */
  readonly begin: (target: Target, kind: FailureKind, monoMs: number) => boolean;
  /** A poll of the target succeeded; the faults that nobody has any more. */
  readonly end: (target: Target) => readonly Fault[];
  /** Whether the loss of the target's state is to be told: of all that lose it by one fault, the first. */
  readonly tellsOfLoss: (target: Target, kind: FailureKind | undefined) => boolean;
  /** Only these targets are polled from now on. */
  readonly keepOnly: (planned: ReadonlyMap<string, number>) => void;
}

/** `credentialOf`: the same text for accounts that share a credential, and so most faults. */
export function createKnownFaults(credentialOf: (account: string) => string): KnownFaults {
  const faults = new Map<string, Fault>();

  return {
    begin(target, kind, monoMs) {
      const scope = scopeOf(CAUSE_OF[kind], target);
      const known = faults.get(scope);
      const fault = known ?? {
        kind,
        sinceMonoMs: monoMs,
        failing: new Set(),
        met: new Set(),
        staleTold: false,
      };
      for (const { failing } of faultsOf(target).values()) failing.delete(target.key);
      fault.failing.add(target.key);
      fault.met.add(target.key);
      faults.set(scope, fault);
      return known === undefined;
    },
    end(target) {
      const over: Fault[] = [];
      for (const [scope, fault] of faultsOf(target)) {
        fault.failing.delete(target.key);
        if (fault.failing.size > 0) continue;
        faults.delete(scope);
        over.push(fault);
      }
      return over;
    },
    tellsOfLoss(target, kind) {
      const fault = kind === undefined ? undefined : faults.get(scopeOf(CAUSE_OF[kind], target));
      if (fault === undefined) return true;
      const tells = !fault.staleTold;
      fault.staleTold = true;
      return tells;
    },
    keepOnly(planned) {
      for (const [scope, { failing }] of faults) {
        for (const key of failing) if (!planned.has(key)) failing.delete(key);
        if (failing.size === 0) faults.delete(scope);
      }
    },
  };

  /** What is known to be wrong with the interconnect or its credential, by scope. */
  function faultsOf(target: Target): ReadonlyMap<string, Fault> {
    const found = new Map<string, Fault>();
    for (const cause of CAUSES) {
      const scope = scopeOf(cause, target);
      const fault = faults.get(scope);
      if (fault !== undefined) found.set(scope, fault);
    }
    return found;
  }

  function scopeOf(cause: Cause, { key, account }: Target): string {
    return cause === "interconnect" ? `${cause} ${key}` : `${cause} ${credentialOf(account)}`;
  }
}
