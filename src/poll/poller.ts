import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { ApiError } from "../domain/failure.ts";
import type { PollFailed, PollSucceeded, StatusAnswer } from "../domain/state.ts";
import type { Target } from "../domain/target.ts";

/** When a poll should start, and when it is too late to: monotonic milliseconds. */
export interface Slot {
  readonly dueMs: number;
  readonly latestMs: number;
}

/**
 * What the poller needs of the API: one status, waiting, retries and deadline included. `onTurn` is called when the wait for
 * the budget is over. Throws `ApiError`.
 */
export type AskStatus = (
  target: Target,
  slot: Slot,
  signal: AbortSignal,
  onTurn: () => void,
) => Promise<StatusAnswer>;

/** One poll. Never rejects; undefined when the signal ended it, which counts as no poll. */
export type Poll = (
  target: Target,
  slot: Slot,
  signal: AbortSignal,
) => Promise<PollSucceeded | PollFailed | undefined>;

/** The border at which errors become events: `ApiError` by its kind, anything else is a bug of ours. */
export function createPoller(ask: AskStatus, clock: Clock, log: Log): Poll {
  return async (target, slot, signal) => {
    const { key } = target;
    let turnMs: number | undefined;
    const onTurn = (): void => {
      turnMs = clock.now().monoMs;
    };
    const ended = () => {
      const at = clock.now();
      return { at, key, durationMs: turnMs === undefined ? undefined : Math.round(at.monoMs - turnMs) };
    };
    try {
      const answer = await ask(target, slot, signal, onTurn);
      return { type: "poll-succeeded", ...ended(), ...answer };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof ApiError) {
        const { kind, message, cfRay } = error;
        const failure = { kind, message, ...(cfRay === undefined ? {} : { cfRay }) };
        return { type: "poll-failed", ...ended(), failure };
      }
      log.error({ err: error, account: target.account, interconnect: target.interconnect }, "Bug in a poll");
      const failure = { kind: "internal" as const, message: `Bug in a poll: ${String(error)}` };
      return { type: "poll-failed", ...ended(), failure };
    }
  };
}
