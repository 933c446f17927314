import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";

interface RepeatOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Wait after a step that threw, which is a bug of ours: its own rhythm, so that a bug asks nothing more often. */
  readonly afterBugMs: number;
}

/**
 * Runs `step` at `firstDueMs`, then each time at the moment that the step before it returned, until the signal aborts. It
 * never rejects: a step that throws is logged, and is only a bug of that step. All times are monotonic.
 */
export async function repeat(
  step: (dueMs: number, signal: AbortSignal) => Promise<number>,
  firstDueMs: number,
  { clock, log, signal, afterBugMs }: RepeatOptions,
): Promise<void> {
  let dueMs = firstDueMs;
  while (!signal.aborted) {
    try {
      await clock.sleep(dueMs - clock.now().monoMs, signal);
      dueMs = await step(dueMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: error }, "Bug in the scheduler");
      dueMs = clock.now().monoMs + afterBugMs;
    }
  }
}
