import type { Discovered } from "./discovered.ts";
import type { LinkState } from "./link-state.ts";
import type { ReasonRules } from "./reason.ts";
import { NO_INFO, type Target, targetKey } from "./target.ts";

/** What is to be watched, and by which rules: all that the reducer takes from the configuration. */
export interface Plan {
  readonly targets: readonly Target[];
  readonly groups: readonly Group[];
  /** An answer older than this, in milliseconds, is no longer believed; by account. */
  readonly staleAfterMs: Readonly<Record<string, number>>;
  readonly reasons: ReasonRules;
}

/** Redundant circuits: enough of them must be healthy. */
export interface Group {
  readonly name: string;
  /** Keys of targets; one that is not polled counts as unknown. */
  readonly members: readonly string[];
  readonly minHealthy: number;
}

/** The part of an account's configuration that says what to poll. */
export interface PlannedAccount {
  readonly name: string;
  readonly accountId: string;
  readonly interconnects: readonly {
    readonly name: string;
    readonly expectedState: LinkState;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/**
 * The targets of all accounts: the listed ones in the order of the configuration, then those that were discovered, by
 * account. A listed one takes what was discovered of it.
 */
export function planTargets(
  accounts: readonly PlannedAccount[],
  discovered: ReadonlyMap<string, readonly Discovered[]> = new Map(),
): Target[] {
  return accounts.flatMap(({ name: account, accountId, interconnects }) => {
    const found = new Map(discovered.get(account)?.map(({ name, info }) => [name, info]));
    const listed = new Set(interconnects.map(({ name }) => name));
    const unlisted = [...found.keys()].filter((name) => !listed.has(name));
    const all = [...interconnects, ...unlisted.map(asDiscovered)];
    return all.map(({ name, expectedState, labels }) => ({
      key: targetKey(account, name),
      account,
      accountId,
      interconnect: name,
      expectedState,
      labels,
      info: found.get(name) ?? NO_INFO,
    }));
  });
}

/** What is taken for granted of an interconnect that the configuration does not list. */
function asDiscovered(name: string): PlannedAccount["interconnects"][number] {
  return { name, expectedState: "Healthy", labels: {} };
}
