import type { Clock } from "../base/clock.ts";
import type { Random } from "../base/random.ts";
import { ApiError } from "../domain/failure.ts";

export interface RetryOptions {
  /** Further attempts after the first. */
  readonly retries: number;
  /** For all attempts and the waits between them. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
  /** The caller's: when it aborts, its reason is thrown. */
  readonly signal: AbortSignal;
  /** Asked right before a retry is sent; false forgoes it, as when the budget has nothing left, and the last error is thrown. */
  readonly onRetry: (error: ApiError) => boolean;
}

/** Why the deadline is called off; a reason of one's own spares each poll the making of a DOMException. */
const SETTLED = "settled";

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 2000;

/** Milliseconds before the retry that follows attempt 0, 1, ...: 250 ms doubled each time up to 2 s, times 0.5 to 1. */
export function backoffMs(attempt: number, random: Random): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** attempt, LONGEST_BACKOFF_MS) * (0.5 + random() / 2);
}

/**
 * The attempt's result, asked again soon after a retryable ApiError. Throws the last ApiError, or one of kind `timeout`
 * when the deadline passes; anything else that the attempt throws goes through. The attempt must heed its signal.
 */
export async function withRetry<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { clock, signal, timeoutMs } = options;
  signal.throwIfAborted();
  const deadlineMs = clock.now().monoMs + timeoutMs;
  const work = new AbortController();
  const timer = new AbortController();
  let last: ApiError | undefined;
  const onAbort = (): void => work.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const deadline = clock.sleep(timeoutMs, timer.signal).then(
    () => work.abort(timedOut(timeoutMs, last)),
    () => undefined,
  );
  try {
    for (let attempts = 0; ; attempts += 1) {
      try {
        return await attempt(work.signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ApiError)) throw error;
        last = error;
        if (!error.retryable || attempts >= options.retries) throw error;
        const waitMs = error.retryAfterMs ?? backoffMs(attempts, options.random);
        if (clock.now().monoMs + waitMs >= deadlineMs) throw error;
        await clock.sleep(waitMs, work.signal);
        if (!options.onRetry(error)) throw error;
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    timer.abort(SETTLED);
    await deadline;
  }
}

function timedOut(timeoutMs: number, last: ApiError | undefined): ApiError {
  const before = last === undefined ? "" : `; the attempt before had failed: ${last.message}`;
  const options = { cause: last, cfRay: last?.cfRay };
  return new ApiError("timeout", `No answer within ${timeoutMs} ms${before}`, options);
}
