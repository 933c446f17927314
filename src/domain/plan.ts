import type { LinkState } from "./link-state.ts";
import type { ReasonRules } from "./reason.ts";
import { NO_INFO, targetKey } from "./target.ts";
import type { Target } from "./target.ts";

/** What is to be watched, and by which rules: all that the reducer takes from the configuration. */
export interface Plan {
  readonly targets: readonly Target[];
  /** An answer older than this, in milliseconds, is no longer believed; by account. */
  readonly staleAfterMs: Readonly<Record<string, number>>;
  readonly reasons: ReasonRules;
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

/** The targets of all accounts, in the order of the configuration. */
export function planTargets(accounts: readonly PlannedAccount[]): Target[] {
  return accounts.flatMap((account) =>
    account.interconnects.map((interconnect) => ({
      key: targetKey(account.name, interconnect.name),
      account: account.name,
      accountId: account.accountId,
      interconnect: interconnect.name,
      expectedState: interconnect.expectedState,
      labels: interconnect.labels,
      info: NO_INFO,
    })),
  );
}
