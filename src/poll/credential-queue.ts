import type { Clock } from "../base/clock.ts";
import { formatDuration } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import { guardAfter, heldBack } from "../domain/credential-guard.ts";
import { ApiError, type Failure } from "../domain/failure.ts";
import type { CredentialUsage } from "./credential-usage.ts";
import type { Limit } from "./limits.ts";

export interface CredentialQueueOptions {
  readonly usage: CredentialUsage;
  /** Requests in any 5 minutes. */
  readonly budget: number;
  /** Least time between two turns: the window divided by the budget, or 0 for a command that asks once. */
  readonly gapMs: number;
  readonly limit: Limit;
  readonly clock: Clock;
  readonly log: Log;
  /** Interconnects that are polled with this credential, and their interval in effect. */
  readonly plan: () => { readonly targets: number; readonly intervalMs: number };
}

/** All requests of one credential pass here: the pause of a 429, the guard, the budget's turns, the slots. */
export class CredentialQueue {
  readonly #options: CredentialQueueOptions;

  constructor(options: CredentialQueueOptions) {
    this.#options = options;
  }

  /**
   * Runs `work` when it is its turn and a slot is free. Throws an ApiError when it may not be sent, `throttled` when
   * its turn would come after `latestMs`; the signal's reason when it aborts while it waits.
   */
  async run<T>(work: () => Promise<T>, latestMs: number, signal: AbortSignal): Promise<T> {
    const { usage, budget, gapMs, clock, limit } = this.#options;
    this.#admit();
    const nowMs = clock.now().monoMs;
    const turnMs = usage.turn(nowMs, latestMs, budget, gapMs);
    if (turnMs === undefined) throw new ApiError("throttled", throttledText(budget));
    let promised = true;
    try {
      if (turnMs > nowMs) await clock.sleep(turnMs - nowMs, signal);
      return await limit(async () => {
        signal.throwIfAborted();
        this.#admit();
        promised = false;
        const sentMs = clock.now().monoMs;
        usage.sent(sentMs);
        usage.guard = { ...usage.guard, letThroughMs: sentMs };
        return await this.#judged(work, sentMs);
      });
    } finally {
      if (promised) usage.giveBack();
    }
  }

  /** Whether a retry may be sent: it takes from the budget without waiting, and never into a pause. */
  takeRetry(): boolean {
    const { usage, budget, clock } = this.#options;
    const nowMs = clock.now().monoMs;
    return nowMs >= usage.pausedUntil.monoMs && usage.take(nowMs, budget);
  }

  /** Throws for a request that would not be sent. */
  #admit(): void {
    const { usage, clock, plan } = this.#options;
    const nowMs = clock.now().monoMs;
    const pausedMs = usage.pausedUntil.monoMs - nowMs;
    if (pausedMs > 0) {
      const seconds = Math.ceil(pausedMs / 1000);
      throw new ApiError(
        "rate_limited",
        `Not sent: the API answered 429, so that nothing is asked for another ${seconds} s`,
      );
    }
    const { targets, intervalMs } = plan();
    const held = heldBack(usage.guard, targets, nowMs, intervalMs);
    if (held !== undefined) throw new ApiError(held.kind, held.message);
  }

  /** The work's own outcome, after what is known of the credential has learned from it. */
  async #judged<T>(work: () => Promise<T>, sentMs: number): Promise<T> {
    const { usage, plan } = this.#options;
    try {
      const result = await work();
      usage.answered(sentMs);
      usage.guard = guardAfter(usage.guard, undefined, plan().targets);
      return result;
    } catch (error) {
      if (error instanceof ApiError) {
        const failure: Failure = { kind: error.kind, message: error.message };
        usage.guard = guardAfter(usage.guard, failure, plan().targets);
        if (error.kind === "rate_limited") this.#pause(sentMs, error.retryAfterMs);
      }
      throw error;
    }
  }

  #pause(sentMs: number, askedMs: number | undefined): void {
    const { usage, clock, log } = this.#options;
    const { ms, firstCut } = usage.limited(clock.now(), sentMs, askedMs);
    if (!firstCut) return;
    log.warn(
      { asked: formatDuration(askedMs ?? 0), paused: formatDuration(ms) },
      "API asked for a longer pause than is made",
    );
  }
}

function throttledText(budget: number): string {
  return `Not sent: api.budget allows ${budget} requests in 5 minutes, and the turn of this one would come too late`;
}
