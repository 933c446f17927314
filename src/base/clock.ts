import { hrtime } from "node:process";

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
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Not node:timers/promises: its AbortError, made anew for each poll's deadline, cost an eighth of the whole poll.
    const timer = setTimeout(resolve, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS));
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  },
};

/** Microseconds of CLOCK_MONOTONIC, which all processes of this machine share. */
export function monotonicUs(): bigint {
  return hrtime.bigint() / 1000n;
}
