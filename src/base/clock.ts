import { setTimeout as sleep } from "node:timers/promises";

/** One moment on both clocks: wall time for timestamps, monotonic time for durations and waiting. */
export interface Instant {
  /** Milliseconds since the Unix epoch; jumps when somebody sets the clock. */
  readonly unixMs: number;
  /** Whole milliseconds since an arbitrary start; never jumps. */
  readonly monoMs: number;
}

export interface Clock {
  now(): Instant;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node's timers hold at most 2^31-1 ms; anything longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => ({ unixMs: Date.now(), monoMs: Math.round(performance.now()) }),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    // The signal is all that can fail here, and it has a better reason than the timer's own error.
    await sleep(Math.min(Math.max(ms, 0), LONGEST_TIMER_MS), undefined, { signal }).catch(() => undefined);
    signal?.throwIfAborted();
  },
};
