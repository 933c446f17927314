import type { Instant } from "../base/clock.ts";
import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";
import { type AccountConfig, type Config, credentialKey } from "../config/config.ts";
import type { Discovery, Listing } from "../domain/discovered.ts";
import type { Entry } from "../domain/entry.ts";
import { type Plan, planTargets } from "../domain/plan.ts";
import { ALONE, shareOf, shiftOf } from "../domain/replica.ts";
import {
  attentionInEffect,
  type Demand,
  firstSpreadMs,
  intervalInEffect,
  needsAttention,
  type Rhythm,
  staleAfterMs,
} from "../domain/rhythm.ts";
import type { Target } from "../domain/target.ts";

/** All that is asked with one credential, and how often its interconnects are polled that need no attention. */
interface SteadyRhythm extends Demand, Omit<Rhythm, "shiftMs"> {}

/** Decides how often everything is polled, within this replica's share of each credential's budget. */
export interface Rhythms {
  readonly steadyOf: (account: string) => SteadyRhythm;
  /** The rhythm of a target as of its newest entry; remembers who has attention. */
  readonly rhythmOf: (target: Target, entry: Entry | undefined, now: Instant) => Rhythm;
  /** Takes new listings into account; the plan that follows. */
  readonly replan: (listings: ReadonlyMap<string, Listing>) => Plan;
}

export function createRhythms(config: Config, replica = ALONE): Rhythms {
  const budget = shareOf(config.api.budgetRequests, replica.count);
  const credentialOf = new Map(
    config.accounts.map(({ name, credential }) => [name, credentialKey(credential)]),
  );
  let steady: ReadonlyMap<string, SteadyRhythm> = new Map();
  /** By credential, the keys of the targets that need attention. */
  let attended: ReadonlyMap<string, Set<string>> = new Map();

  function steadyOf(account: string): SteadyRhythm {
    const rhythm = steady.get(credentialOf.get(account) ?? "");
    if (rhythm === undefined) throw new RangeError(`Expected an account of the plan, got "${account}"`);
    return rhythm;
  }

  return {
    steadyOf,
    rhythmOf({ key, account }, entry, now) {
      const usual = steadyOf(account);
      const { spreadMs } = usual;
      const watched = attended.get(credentialOf.get(account) ?? "");
      if (entry === undefined || !needsAttention(entry, now)) {
        watched?.delete(key);
        return rhythm(usual.intervalMs);
      }
      watched?.add(key);
      const { attentionIntervalMs } = config.poll;
      const intervalMs = attentionInEffect(usual, usual.intervalMs, attentionIntervalMs, watched?.size ?? 1);
      return rhythm(intervalMs);

      function rhythm(everyMs: number): Rhythm {
        return { intervalMs: everyMs, spreadMs, shiftMs: shiftOf(replica, everyMs, now) };
      }
    },
    replan(listings) {
      const targets = planTargets(config.accounts, discoveredBy(listings));
      steady = new Map(
        [...new Set(credentialOf.values())].map((credential) => {
          const accounts = config.accounts.filter(({ name }) => credentialOf.get(name) === credential);
          const names = new Set(accounts.map(({ name }) => name));
          const demand = {
            targets: targets.filter(({ account }) => names.has(account)).length,
            listCalls: listCallsOf(accounts, listings),
            budget,
          };
          const intervalMs = intervalInEffect(demand, config.poll.intervalMs);
          return [credential, { ...demand, intervalMs, spreadMs: firstSpreadMs(demand, intervalMs) }];
        }),
      );
      const keys = new Set(targets.map(({ key }) => key));
      attended = new Map(
        [...steady.keys()].map((credential) => [
          credential,
          new Set([...(attended.get(credential) ?? [])].filter((key) => keys.has(key))),
        ]),
      );
      const stale = config.accounts.map(({ name }) => [
        name,
        staleAfterMs(config.poll.staleAfterConfiguredMs, steadyOf(name).intervalMs),
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
      return sum + (pages * CLOUDFLARE_LIMIT.windowMs) / discovery.intervalMs;
    }, 0);
}
