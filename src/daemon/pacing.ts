import type { Instant } from "../base/clock.ts";
import { type AccountConfig, type Config, credentialKey } from "../config/config.ts";
import { needsAttention } from "../domain/attention.ts";
import type { Discovery, Listing } from "../domain/discovered.ts";
import type { Entry } from "../domain/entry.ts";
import { type Plan, planTargets } from "../domain/plan.ts";
import {
  attentionInEffect,
  BUDGET_WINDOW_MS,
  type Demand,
  firstSpreadMs,
  intervalInEffect,
} from "../domain/rhythm.ts";
import { staleAfterMs } from "../domain/stale-after.ts";
import type { Target } from "../domain/target.ts";
import type { Rhythm } from "../poll/scheduler.ts";

/** The pace of one credential: all that is asked with it, and how often. */
interface Pace extends Demand {
  readonly intervalMs: number;
}

/** Decides how often everything is polled, within the budget of each credential. */
export interface Pacing {
  readonly paceOf: (account: string) => Pace;
  /** The rhythm of a target as of its newest entry; remembers who has attention. */
  readonly rhythmOf: (target: Target, entry: Entry | undefined, now: Instant) => Rhythm;
  /** Takes new listings into account; the plan that follows. */
  readonly replan: (listings: ReadonlyMap<string, Listing>) => Plan;
}

export function createPacing(config: Config): Pacing {
  const credentialOf = new Map(
    config.accounts.map(({ name, credential }) => [name, credentialKey(credential)]),
  );
  let paces: ReadonlyMap<string, Pace> = new Map();
  /** By credential, the keys of the targets that need attention. */
  let attended: ReadonlyMap<string, Set<string>> = new Map();

  function paceOf(account: string): Pace {
    const pace = paces.get(credentialOf.get(account) ?? "");
    if (pace === undefined) throw new RangeError(`Expected an account of the plan, got "${account}"`);
    return pace;
  }

  return {
    paceOf,
    rhythmOf({ key, account }, entry, now) {
      const pace = paceOf(account);
      const spreadMs = firstSpreadMs(pace, pace.intervalMs);
      const watched = attended.get(credentialOf.get(account) ?? "");
      if (entry === undefined || !needsAttention(entry, now)) {
        watched?.delete(key);
        return { intervalMs: pace.intervalMs, spreadMs };
      }
      watched?.add(key);
      const { attentionIntervalMs } = config.poll;
      const intervalMs = attentionInEffect(pace, pace.intervalMs, attentionIntervalMs, watched?.size ?? 1);
      return { intervalMs, spreadMs };
    },
    replan(listings) {
      const targets = planTargets(config.accounts, discoveredBy(listings));
      paces = new Map(
        [...new Set(credentialOf.values())].map((credential) => {
          const accounts = config.accounts.filter(({ name }) => credentialOf.get(name) === credential);
          const names = new Set(accounts.map(({ name }) => name));
          const demand = {
            targets: targets.filter(({ account }) => names.has(account)).length,
            listCalls: listCallsOf(accounts, listings),
            budget: config.api.budgetRequests,
          };
          return [credential, { ...demand, intervalMs: intervalInEffect(demand, config.poll.intervalMs) }];
        }),
      );
      const keys = new Set(targets.map(({ key }) => key));
      attended = new Map(
        [...paces.keys()].map((credential) => [
          credential,
          new Set([...(attended.get(credential) ?? [])].filter((key) => keys.has(key))),
        ]),
      );
      const stale = config.accounts.map(({ name }) => [
        name,
        staleAfterMs(config.poll.staleAfterConfiguredMs, paceOf(name).intervalMs),
      ]);
      const { groups, reasons } = config;
      return { targets, groups, staleAfterMs: Object.fromEntries(stale), reasons };
    },
  };
}

function discoveredBy(listings: ReadonlyMap<string, Listing>): ReadonlyMap<string, Discovery["known"]> {
  return new Map([...listings].map(([account, { discovery }]) => [account, discovery.known]));
}

/** List calls of the accounts in one window of the budget. A list is assumed to have one page until one was read. */
export function listCallsOf(
  accounts: readonly AccountConfig[],
  listings: ReadonlyMap<string, Listing> = new Map(),
): number {
  return accounts
    .filter(({ discovery }) => discovery.enabled)
    .reduce((sum, { name, discovery }) => {
      const pages = Math.max(listings.get(name)?.pages ?? 1, 1);
      return sum + (pages * BUDGET_WINDOW_MS) / discovery.intervalMs;
    }, 0);
}
