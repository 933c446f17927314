import { assertNever } from "../base/assert-never.ts";
import { at } from "../base/at.ts";
import type { ClockStep } from "./clock-step.ts";
import { type Entry, stateBefore } from "./entry.ts";
import type { FailureKind } from "./failure.ts";
import { isLinkState } from "./link-state.ts";
import { firstRoundDone } from "./snapshot.ts";
import { entryOf, type Event, type ExporterState, type PollFailed, type PollSucceeded } from "./state.ts";
import type { Target } from "./target.ts";
import { countStates, verdictOf } from "./verdict.ts";

/** Something worth a line in the log: an edge, never a level. */
export interface Edge {
  readonly level: "debug" | "info" | "warn";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What changed for the people who read the log, between the states before and after one event. */
export type EdgesBetween = (before: ExporterState, after: ExporterState, event: Event) => Edge[];

/** Something wrong that the log has told of, until a poll of the credential succeeds and nobody has it any more. */
interface Fault {
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

/**
 * The edges of events, told one after another. What is wrong for all interconnects of a credential is one line when it begins and
 * one when it is over, and the first round is one line for all that are as expected: 500 circuits must not make 500 lines.
 * `credentialOf`: the same text for accounts that share a credential.
 */
export function createEdges(credentialOf: (account: string) => string): EdgesBetween {
  const faults = new Map<string, Fault>();
  let isFirstRound = true;

  return (before, after, event) => {
    switch (event.type) {
      case "remembered":
        return [];
      case "clock-set":
      case "stood-still":
        return [clockEdge(event)];
      case "planned":
        forgetAllBut(after.positions);
        return [];
      case "time-passed":
        return after.entries.flatMap((entry, index) => stateEdges(at(before.entries, index), entry));
      case "poll-succeeded":
      case "poll-failed":
        return [
          ...pollEdges(entryOf(before, event.key), entryOf(after, event.key), event),
          ...roundEdges(after),
        ];
      default:
        return assertNever(event);
    }
  };

  function pollEdges(
    before: Entry | undefined,
    after: Entry | undefined,
    event: PollSucceeded | PollFailed,
  ): Edge[] {
    if (before === undefined || after === undefined) return [];
    if (event.type === "poll-failed") return [failureEdge(after.target, event), ...stateEdges(before, after)];
    return [
      ...stateEdges(before, after),
      ...recoveryEdges(after.target, event),
      ...wordEdges(before, after, event),
    ];
  }

  function failureEdge(
    target: Target,
    { at: { monoMs }, failure: { kind, message: error, cfRay: cf_ray } }: PollFailed,
  ): Edge {
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
    const level = known === undefined ? "warn" : "debug";
    return { level, message: "Poll failed", fields: { ...who(target), kind, error, cf_ray } };
  }

  /** One line for all that is over, of whatever causes. */
  function recoveryEdges(target: Target, { at: { monoMs }, cfRay: cf_ray }: PollSucceeded): Edge[] {
    const over: Fault[] = [];
    for (const [scope, fault] of faultsOf(target)) {
      fault.failing.delete(target.key);
      if (fault.failing.size > 0) continue;
      faults.delete(scope);
      over.push(fault);
    }
    if (over.length === 0) return [];
    const met = new Set<string>();
    for (const fault of over) for (const key of fault.met) met.add(key);
    const sinceMonoMs = Math.min(...over.map((fault) => fault.sinceMonoMs));
    const fields = {
      ...who(target),
      after: over.map(({ kind }) => kind).join(", "),
      seconds: Math.round((monoMs - sinceMonoMs) / 1000),
      interconnects: met.size,
      cf_ray,
    };
    return [{ level: "info", message: "Poll succeeded again", fields }];
  }

  function stateEdges(before: Entry, after: Entry): Edge[] {
    if (before === after) return [];
    // The first answer after a restart is no change when the state file knows that it was so before.
    const from = stateBefore(before, after);
    const { target, state: to, reason } = after;
    if (from === to) return [];
    const fields = { ...who(target), from, to, reason: reason.text, reason_class: reason.class };
    return [{ level: levelOf(before, after), message: "Interconnect changed state", fields }];
  }

  /** One line each only where the circuit has something to say: not where it is as it was, or is as good as it should be. */
  function levelOf(before: Entry, after: Entry): Edge["level"] {
    if (after.state === "Unknown") return tellsOfLoss(after) ? "info" : "debug";
    if (before.lastSuccess === undefined && verdictOf(after) === "OK") return "debug";
    if (before.state === "Unknown" && before.lastKnown === after.state) return "debug";
    return after.state === "Down" || after.state === "Unhealthy" ? "warn" : "info";
  }

  /** Of all that lose their state by one fault, the first. */
  function tellsOfLoss({ target, failure }: Entry): boolean {
    const fault = failure === undefined ? undefined : faults.get(scopeOf(CAUSE_OF[failure.kind], target));
    if (fault === undefined) return true;
    const tells = !fault.staleTold;
    fault.staleTold = true;
    return tells;
  }

  function roundEdges(after: ExporterState): Edge[] {
    if (!isFirstRound || after.entries.length === 0 || !firstRoundDone(after)) return [];
    isFirstRound = false;
    const failed = after.entries.filter(({ failure }) => failure !== undefined).length;
    const fields = { interconnects: after.entries.length, ...countStates(after.entries), failed };
    return [{ level: "info", message: "First round of polls finished", fields }];
  }

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

  function forgetAllBut(planned: ReadonlyMap<string, number>): void {
    for (const [scope, { failing }] of faults) {
      for (const key of failing) if (!planned.has(key)) failing.delete(key);
      if (failing.size === 0) faults.delete(scope);
    }
  }
}

function clockEdge({ type, byMs }: ClockStep): Edge {
  const fields = { seconds: byMs / 1000 };
  return type === "clock-set"
    ? { level: "info", message: "The wall clock was set: times of before move along", fields }
    : {
        level: "warn",
        message: "The machine stood still or its clock was set ahead: every interconnect is polled again",
        fields,
      };
}

function who({ account, interconnect }: Target) {
  return { account, interconnect };
}

function wordEdges(before: Entry, { target, reason }: Entry, { word, cfRay: cf_ray }: PollSucceeded): Edge[] {
  if (isLinkState(word) || before.reason.text === reason.text) return [];
  const fields = { ...who(target), reason: reason.text, cf_ray };
  return [{ level: "warn", message: "API answered an unknown state", fields }];
}
