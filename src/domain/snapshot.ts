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

/** How long the first round goes on, in milliseconds, when all its polls are spread evenly over `spreadMs`, as the budget allows. */
export function firstRoundLeftMs({ entries }: ExporterState, spreadMs: number): number {
  const waiting = entries.all.filter(({ polls }) => polls === 0).length;
  return (waiting / Math.max(entries.length, 1)) * spreadMs;
}
