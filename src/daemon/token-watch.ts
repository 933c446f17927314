import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { ApiError, type FailureKind } from "../domain/failure.ts";
import { repeat } from "../poll/repeat.ts";
import type { Requests } from "./requests.ts";

export const DAY_MS = 86_400_000;
/** After a failure that passes, such as of the network. */
const RETRY_MS = 3_600_000;
/** The API will not tell, today or tomorrow. */
const REFUSALS: ReadonlySet<FailureKind> = new Set([
  "unauthorized",
  "forbidden",
  "not_found",
  "client_error",
]);

interface TokenWatchOptions {
  readonly account: string;
  readonly requests: Requests;
  /** Monotonic milliseconds. */
  readonly firstDueMs: number;
  /** Told what the API says, in Unix milliseconds; undefined for a token that never expires. */
  readonly onExpiry: (unixMs: number | undefined) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks when first due and then daily when the account's token expires. Quiet where the API refuses to tell: polls will say. */
export function watchToken(options: TokenWatchOptions, signal: AbortSignal): Promise<void> {
  const { account, requests, onExpiry, firstDueMs, clock, log } = options;
  return repeat(verify, firstDueMs, { clock, log, signal, afterBugMs: DAY_MS });

  async function verify(dueMs: number): Promise<number> {
    try {
      onExpiry(await requests.tokenExpiry(account, dueMs + DAY_MS, signal));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      log.debug({ account, kind: error.kind, error: error.message }, "Token expiry not known");
      if (!REFUSALS.has(error.kind)) return clock.now().monoMs + RETRY_MS;
    }
    return clock.now().monoMs + DAY_MS;
  }
}
