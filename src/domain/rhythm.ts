/** Cloudflare counts requests in windows of this length (docs: fundamentals/api/reference/limits). */
export const BUDGET_WINDOW_MS = 300_000;

/** Share of the budget for steady polls once the interval must be stretched; attention and retries have the rest. */
const STRETCHED_SHARE = 0.75;
/** Share of the budget that is ever planned; retries and clocks that differ have the rest. */
const PLANNED_SHARE = 0.95;

/** Longest time over which a first round, or the round after a pause, is spread where the budget allows. */
const FIRST_ROUND_MS = 10_000;

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
  return (targets * BUDGET_WINDOW_MS) / intervalMs + listCalls;
}

/**
 * The shortest interval, in whole seconds and never under the configured one, at which the budget holds. Once it has to be
 * stretched, it leaves a quarter of the budget to interconnects that need attention and to retries.
 */
export function intervalInEffect(demand: Demand, configuredMs: number): number {
  if (requestsPerWindow(demand, configuredMs) <= demand.budget) return configuredMs;
  const forPolls = Math.max(demand.budget * STRETCHED_SHARE - demand.listCalls, 1);
  const stretchedMs = (demand.targets * BUDGET_WINDOW_MS) / forPolls;
  return Math.max(configuredMs, Math.ceil(stretchedMs / 1000) * 1000);
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
  const perTarget = Math.max(rest, 0) / Math.max(attended, 1) + BUDGET_WINDOW_MS / steadyMs;
  return Math.min(steadyMs, Math.max(attentionMs, BUDGET_WINDOW_MS / perTarget));
}

/** Time over which polls that are due at once are spread: 10 s, or the interval when shorter, or what the budget's pace takes. */
export function firstSpreadMs({ targets, budget }: Demand, intervalMs: number): number {
  return Math.max(Math.min(intervalMs, FIRST_ROUND_MS), (targets * BUDGET_WINDOW_MS) / budget);
}
