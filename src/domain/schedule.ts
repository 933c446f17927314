import { hashFraction } from "../base/hash.ts";

/** A first 404 is asked again after this long, so that one stray answer changes nothing. */
const NOT_FOUND_RETRY_MS = 15_000;

/**
 * The interconnect's place in the interval, in [0, intervalMs): the same for the same key in every process. In whole
 * milliseconds, as the clock has them, so that the slots are exact.
 */
export function phaseOf(key: string, intervalMs: number): number {
  return Math.floor(hashFraction(key) * intervalMs);
}

/** The first slot `phase + n * interval` after now. Arithmetic, so it neither drifts nor catches up. */
export function nextDue(nowMs: number, phaseMs: number, intervalMs: number): number {
  const due = phaseMs + Math.ceil((nowMs - phaseMs) / intervalMs) * intervalMs;
  return due > nowMs ? due : due + intervalMs;
}

/** When to poll one that is new or was missed: soon, each at its own place in the next `spreadMs`. */
export function spreadDue(nowMs: number, key: string, spreadMs: number): number {
  return nowMs + phaseOf(key, spreadMs);
}

interface Start {
  readonly nowMs: number;
  readonly key: string;
  readonly intervalMs: number;
  readonly spreadMs: number;
  readonly shiftMs: number;
  /** When its last poll ended, or else when it came to be known. */
  readonly idleSinceMs: number;
  /** Whether it has been polled at all. */
  readonly polled: boolean;
}

/**
 * When polling of one starts or, after a reload, goes on: at its next slot; soon when it is new, or when its last slot
 * passed without a poll's end. Anchored in what was before, so that no row of reloads puts a poll off for ever.
 */
export function dueAtStart(start: Start): number {
  const { nowMs, key, intervalMs, spreadMs, shiftMs, idleSinceMs, polled } = start;
  const dueMs = nextDue(nowMs, phaseOf(key, intervalMs) + shiftMs, intervalMs);
  const missedMs = polled ? dueMs - intervalMs : idleSinceMs;
  return polled && idleSinceMs >= missedMs ? dueMs : Math.max(nowMs, spreadDue(missedMs, key, spreadMs));
}

interface EndedPoll {
  readonly key: string;
  readonly dueMs: number;
  readonly endedMs: number;
  readonly intervalMs: number;
  readonly shiftMs: number;
  /** 404s up to and with this poll. */
  readonly notFoundInARow: number;
}

/**
 * When to poll next: at the next slot that is at least half an interval after this poll was due, so that a first poll
 * between two slots, or one that waited long, is not followed by another at once.
 */
export function dueAfterPoll(poll: EndedPoll): number {
  const { key, dueMs, endedMs, intervalMs, shiftMs, notFoundInARow } = poll;
  const afterMs = Math.max(endedMs, dueMs + intervalMs / 2);
  const regularMs = nextDue(afterMs, phaseOf(key, intervalMs) + shiftMs, intervalMs);
  return notFoundInARow === 1 ? Math.min(regularMs, endedMs + NOT_FOUND_RETRY_MS) : regularMs;
}
