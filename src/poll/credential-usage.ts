import type { Instant } from "../base/clock.ts";
import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";
import { type Guard, TRUSTED } from "../domain/credential-guard.ts";
import { LONGEST_PAUSE_MS, NO_ROW, pauseAfter, rowAfterAnswer } from "../domain/pause.ts";

const NEVER: Instant = { unixMs: 0, monoMs: Number.NEGATIVE_INFINITY };

/**
 * What was asked with one credential, and what came of it; it outlives reloads, since Cloudflare's memory does.
 * All times are monotonic milliseconds.
 */
export class CredentialUsage {
  guard: Guard = TRUSTED;
  /** When each request of the last window was sent. */
  readonly #sent: number[] = [];
  /** Turns that were given and neither used nor returned yet. */
  #promised = 0;
  #lastTurnMs = Number.NEGATIVE_INFINITY;
  #pausedUntil = NEVER;
  #row = NO_ROW;

  /** Until when a 429 forbids every request; Unix time 0 when there was none. */
  get pausedUntil(): Instant {
    return this.#pausedUntil;
  }

  /** No request for `ms` from now, an hour at most, or longer when a pause is longer already. */
  pause(now: Instant, ms: number): void {
    const lengthMs = Math.min(ms, LONGEST_PAUSE_MS);
    if (now.monoMs + lengthMs <= this.#pausedUntil.monoMs) return;
    this.#pausedUntil = { unixMs: now.unixMs + lengthMs, monoMs: now.monoMs + lengthMs };
  }

  /** A request sent at `sentMs` was answered with a 429. Returns the pause, and whether it is the first to cut what was asked. */
  limited(now: Instant, sentMs: number, askedMs: number | undefined): { ms: number; firstCut: boolean } {
    const { ms, firstCut, row } = pauseAfter(this.#row, { nowMs: now.monoMs, sentMs, askedMs });
    this.#row = row;
    this.pause(now, ms);
    return { ms, firstCut };
  }

  /** A request sent at `sentMs` was answered well. */
  answered(sentMs: number): void {
    this.#row = rowAfterAnswer(this.#row, sentMs);
  }

  /** The wall clock was set by so much: a pause ends as it would have, by the new time. */
  rebase(byMs: number): void {
    if (this.#pausedUntil === NEVER) return;
    this.#pausedUntil = { ...this.#pausedUntil, unixMs: this.#pausedUntil.unixMs + byMs };
  }

  /**
   * The moment of the next turn, at least `gapMs` after the one before; undefined when there is none up to `latestMs`.
   * Whoever gets one must call `sent` or `giveBack`. Promised turns count as sent, so that however late one is used
   * no window holds more than the budget.
   */
  turn(nowMs: number, latestMs: number, budget: number, gapMs: number): number | undefined {
    this.#forget(nowMs);
    const excess = this.#sent.length + this.#promised + 1 - budget;
    const freedMs =
      excess <= 0 ? nowMs : (this.#sent[excess - 1] ?? Number.POSITIVE_INFINITY) + CLOUDFLARE_LIMIT.windowMs;
    const atMs = Math.max(nowMs, this.#lastTurnMs + gapMs, freedMs);
    // While nothing is known to leave the window there is no turn, for the most patient caller too.
    if (atMs > latestMs || atMs === Number.POSITIVE_INFINITY) return undefined;
    this.#lastTurnMs = atMs;
    this.#promised += 1;
    return atMs;
  }

  /** A promised turn is used now. */
  sent(nowMs: number): void {
    this.#promised -= 1;
    this.#sent.push(nowMs);
  }

  /** A promised turn is not used. */
  giveBack(): void {
    this.#promised -= 1;
  }

  /** A request out of turn, such as a retry: taken at once, or not at all. */
  take(nowMs: number, budget: number): boolean {
    this.#forget(nowMs);
    if (this.#sent.length + this.#promised >= budget) return false;
    this.#sent.push(nowMs);
    return true;
  }

  /** Requests sent in the last window. */
  used(nowMs: number): number {
    this.#forget(nowMs);
    return this.#sent.length;
  }

  /** When each request of the last window was sent. */
  sentTimes(nowMs: number): readonly number[] {
    this.#forget(nowMs);
    return [...this.#sent];
  }

  /** Takes on requests of before, sent at these monotonic times. */
  recall(sentMs: readonly number[]): void {
    this.#sent.push(...sentMs);
    this.#sent.sort((a, b) => a - b);
  }

  /** Takes on what another one says was sent and forbidden, not what it says of its credential. */
  absorb(other: CredentialUsage): void {
    this.recall(other.#sent);
    this.#lastTurnMs = Math.max(this.#lastTurnMs, other.#lastTurnMs);
    if (other.#pausedUntil.monoMs > this.#pausedUntil.monoMs) this.#pausedUntil = other.#pausedUntil;
    if (other.#row.lengthMs > this.#row.lengthMs) this.#row = other.#row;
  }

  #forget(nowMs: number): void {
    const kept = this.#sent.findIndex((sentMs) => sentMs > nowMs - CLOUDFLARE_LIMIT.windowMs);
    this.#sent.splice(0, kept === -1 ? this.#sent.length : kept);
  }
}
