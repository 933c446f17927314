import type { Instant } from "../base/clock.ts";
import type { Entry } from "./entry.ts";
import type { State } from "./link-state.ts";

/** An unbroken run of one state; undefined from before what is remembered. Unix milliseconds. */
export interface Stretch {
  readonly state: State | undefined;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What an interconnect was in during the last `windowMs`, oldest first and without a gap, as far as its changes reach. */
export function timelineOf(
  { state, since, history }: Pick<Entry, "state" | "since" | "history">,
  now: Instant,
  windowMs: number,
): readonly Stretch[] {
  const marks: { readonly atUnixMs: number; readonly to: State }[] = [...history.changes];
  // No change is remembered of the very first state, nor of an `Unknown` that only lasts until the first answer.
  if (marks.at(-1)?.to !== state) marks.push({ atUnixMs: since.unixMs, to: state });
  const stretches: Stretch[] = [];
  let [fromMs, before]: [number, State | undefined] = [now.unixMs - windowMs, undefined];
  for (const { atUnixMs, to } of marks) {
    // A clock that was set between two processes must not turn a stretch around.
    const toMs = Math.min(Math.max(atUnixMs, fromMs), now.unixMs);
    if (toMs > fromMs) stretches.push({ state: before, fromMs, toMs });
    [fromMs, before] = [toMs, to];
  }
  if (now.unixMs > fromMs) stretches.push({ state: before, fromMs, toMs: now.unixMs });
  return stretches;
}

/** How much of a timeline is known, and how it was spent. Milliseconds. */
export interface Share {
  /** In any state but `Unknown`. */
  readonly knownMs: number;
  readonly healthyMs: number;
  /** Healthy's share of what is known, 0 to 1; undefined when nothing is. */
  readonly available: number | undefined;
}

/** Availability as `state_seconds_total` has it: `Unknown` counts neither way. */
export function shareOf(stretches: readonly Stretch[]): Share {
  let [knownMs, healthyMs] = [0, 0];
  for (const { state, fromMs, toMs } of stretches) {
    if (state === undefined || state === "Unknown") continue;
    knownMs += toMs - fromMs;
    if (state === "Healthy") healthyMs += toMs - fromMs;
  }
  return { knownMs, healthyMs, available: knownMs === 0 ? undefined : healthyMs / knownMs };
}
