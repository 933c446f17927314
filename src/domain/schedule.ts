import { hashFraction } from "../base/hash.ts";

/** Longest time over which a first round, or the round after a pause, is spread. */
const SPREAD_MS = 10_000;
/** A first 404 is asked again after this long, so that one stray answer changes nothing. */
const NOT_FOUND_RETRY_MS = 15_000;

/** The interconnect's place in the interval, in [0, intervalMs): the same for the same key in every process. */
export function phaseOf(key: string, intervalMs: number): number {
  return hashFraction(key) * intervalMs;
}

/** The first slot `phase + n * interval` after now. Arithmetic, so it neither drifts nor catches up. */
export function nextDue(nowMs: number, phaseMs: number, intervalMs: number): number {
  const due = phaseMs + Math.ceil((nowMs - phaseMs) / intervalMs) * intervalMs;
  return due > nowMs ? due : due + intervalMs;
}

/** When to poll one that is new or was missed: at once, but spread over the smaller of the interval and 10 s. */
export function spreadDue(nowMs: number, key: string, intervalMs: number): number {
  return nowMs + phaseOf(key, Math.min(intervalMs, SPREAD_MS));
}

/** When to poll next after a poll that ended now; `notFoundInARow` counts the 404s up to and with it. */
export function dueAfterPoll(nowMs: number, key: string, intervalMs: number, notFoundInARow: number): number {
  const regular = nextDue(nowMs, phaseOf(key, intervalMs), intervalMs);
  return notFoundInARow === 1 ? Math.min(regular, nowMs + NOT_FOUND_RETRY_MS) : regular;
}
