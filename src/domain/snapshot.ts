import type { Instant } from "../base/clock.ts";
import type { ExporterState } from "./state.ts";

/** What a reader sees: the state, and the moment at which it is read. */
export interface Snapshot {
  readonly state: ExporterState;
  readonly now: Instant;
}

/** Whether every interconnect has one finished poll, good or bad. */
export function firstRoundDone(state: ExporterState): boolean {
  return state.entries.every((entry) => entry.polls > 0);
}
