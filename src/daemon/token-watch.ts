import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { ApiError } from "../domain/failure.ts";
import { repeat } from "../poll/repeat.ts";
import type { Requests } from "./requests.ts";

const DAY_MS = 86_400_000;

interface TokenWatchOptions {
  readonly account: string;
  readonly requests: Requests;
  readonly onExpiry: (unixMs: number | undefined) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks at once and then daily when the account's token expires. Quiet where the API refuses to tell: polls will say. */
export function watchToken(options: TokenWatchOptions, signal: AbortSignal): Promise<void> {
  const { account, requests, onExpiry, clock, log } = options;
  return repeat(verify, clock.now().monoMs, { clock, log, signal, afterBugMs: DAY_MS });

  async function verify(dueMs: number): Promise<number> {
    try {
      onExpiry(await requests.tokenExpiry(account, dueMs + DAY_MS, signal));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      log.debug({ account, kind: error.kind, error: error.message }, "Token expiry not known");
    }
    return clock.now().monoMs + DAY_MS;
  }
}
