import type { Instant } from "../base/clock.ts";
import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";
import type { Entry } from "./entry.ts";

/** How often an interconnect is polled. */
export interface Rhythm {
  readonly intervalMs: number;
  /** Time over which polls that are due at once, new ones and missed ones, are spread. */
  readonly spreadMs: number;
  /** Added to every place in the interval: 0 unless replicas share the interconnects. */
  readonly shiftMs: number;
}

/** Share of the budget for steady polls once the interval must be stretched; attention and retries have the rest. */
const STRETCHED_SHARE = 0.75;
/** Share of the budget that is ever planned; retries and clocks that differ have the rest. */
const PLANNED_SHARE = 0.95;

/** Longest time over which a first round, or the round after a pause, is spread where the budget allows. */
const FIRST_ROUND_MS = 10_000;

/** A change is watched closely for this long. */
const RECENT_CHANGE_MS = 600_000;
/** A circuit that is expected to be Pending is watched closely at first: its turn-up is near. */
const TURN_UP_MS = 86_400_000;

/** Unless configured, an answer is believed for this long at least. */
const LEAST_STALE_AFTER_MS = 600_000;

/** What is asked with one credential. */
export interface Demand {
  /** Interconnects that are polled. */
  readonly targets: number;
  /** List calls in a window. */
  readonly listCalls: number;
  /** Requests allowed in any window. */
  readonly budget: number;
}

/** Requests in a window at a poll interval, list calls included. */
export function requestsPerWindow(
  { targets, listCalls }: Omit<Demand, "budget">,
  intervalMs: number,
): number {
  return (targets * CLOUDFLARE_LIMIT.windowMs) / intervalMs + listCalls;
}

/**
 * The shortest interval, in whole seconds and never under the configured one, at which the budget holds. Once it has to be
 * stretched, it leaves a quarter of the budget to interconnects that need attention and to retries.
 */
export function intervalInEffect(demand: Demand, configuredMs: number): number {
  if (requestsPerWindow(demand, configuredMs) <= demand.budget) return configuredMs;
  const forPolls = Math.max(demand.budget * STRETCHED_SHARE - demand.listCalls, 1);
  const stretchedMs = (demand.targets * CLOUDFLARE_LIMIT.windowMs) / forPolls;
  return Math.max(configuredMs, Math.ceil(stretchedMs / 1000) * 1000);
}

/**
 * What to do about an interval that was stretched so far that a change is noticed later than an answer is meant to be
 * believed; undefined where it was not.
 */
export function adviceOnStretch(
  intervalMs: number,
  configuredMs: number,
  staleAfterConfiguredMs: number | undefined,
): string | undefined {
  if (intervalMs <= Math.max(configuredMs, staleAfterConfiguredMs ?? LEAST_STALE_AFTER_MS)) return undefined;
  return "a change is noticed as late as that; poll fewer interconnects, raise api.budget, or give some of the accounts a token of another user, whose budget is its own";
}

/**
 * Whether an interconnect is polled at the attention rhythm: not as expected, newly Pending as expected, or changed in
 * the last 10 minutes. Never while its polls fail: that would only press an API that is in trouble.
 */
export function needsAttention(entry: Entry, now: Instant): boolean {
  const { state, target, changed, since, failure, lastSuccess, remembered } = entry;
  if (failure !== undefined || lastSuccess === undefined || remembered !== undefined) return false;
  if (state !== target.expectedState) return true;
  if (state === "Pending" && now.monoMs - since.monoMs < TURN_UP_MS) return true;
  return changed !== undefined && now.monoMs - changed.monoMs < RECENT_CHANGE_MS;
}

/**
 * The interval of the `attended` interconnects that need attention: the configured one, longer when the budget's rest
 * is too small for all of them, and at most the steady one. 0 turns it off.
 */
export function attentionInEffect(
  demand: Demand,
  steadyMs: number,
  attentionMs: number,
  attended: number,
): number {
  if (attentionMs === 0 || attentionMs >= steadyMs) return steadyMs;
  const rest = demand.budget * PLANNED_SHARE - requestsPerWindow(demand, steadyMs);
  const perTarget = Math.max(rest, 0) / Math.max(attended, 1) + CLOUDFLARE_LIMIT.windowMs / steadyMs;
  return Math.min(steadyMs, Math.max(attentionMs, CLOUDFLARE_LIMIT.windowMs / perTarget));
}

/** Time over which polls that are due at once are spread: 10 s, or the interval when shorter, or what the budget's pace takes. */
export function firstSpreadMs({ targets, budget }: Demand, intervalMs: number): number {
  return Math.max(Math.min(intervalMs, FIRST_ROUND_MS), (targets * CLOUDFLARE_LIMIT.windowMs) / budget);
}

/**
 * Age in milliseconds of the last good answer at which a state is Unknown: as configured, but at least twice the
 * interval in effect; unconfigured, the larger of 10 min and three times that interval.
 */
export function staleAfterMs(configuredMs: number | undefined, intervalInEffectMs: number): number {
  return configuredMs === undefined
    ? Math.max(LEAST_STALE_AFTER_MS, 3 * intervalInEffectMs)
    : Math.max(configuredMs, 2 * intervalInEffectMs);
}
