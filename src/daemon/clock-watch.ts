import type { Clock } from "../base/clock.ts";
import { clockStep } from "../domain/clock-step.ts";
import type { Store } from "../poll/store.ts";
import { type AccountRecords, rebaseRecords } from "./account-records.ts";

interface ClockWatchOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly records: AccountRecords;
  /** Polls every interconnect as soon as the budget allows. */
  readonly pollSoon: () => void;
}

/**
 * To be called once a second: holds the wall clock against the monotonic one. When somebody set it, the times that came from it
 * move along; when the machine stood still, every interconnect is asked again.
 */
export function createClockWatch({ clock, store, records, pollSoon }: ClockWatchOptions): () => void {
  const start = clock.now();
  let base = start;
  return () => {
    const at = clock.now();
    const step = clockStep(base, at);
    if (step === undefined) return;
    const startUnixMs = base.unixMs - (base.monoMs - start.monoMs);
    base = at;
    store.dispatch({ ...step, at, startUnixMs });
    if (step.type === "clock-set") rebaseRecords(records, step.byMs);
    else pollSoon();
  };
}
