import type { Instant } from "../base/clock.ts";

/** One of the processes that poll the same interconnects with the same credentials. */
export interface Replica {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

export const ALONE: Replica = { index: 1, count: 1 };

/** The part of a credential's budget that each of so many replicas may send: all of them together never more than the whole. */
export function shareOf(budget: number, replicas: number): number {
  return Math.floor(budget / replicas);
}

/**
 * By how much a replica's slots lie after those of the monotonic clock, in whole milliseconds: so that the slots of all
 * replicas are evenly spread over the interval. They agree by their wall clocks; where those differ nothing but the
 * spread is off. One that is alone needs no wall clock, and nobody's setting of it moves a slot.
 */
export function shiftOf({ index, count }: Replica, intervalMs: number, now: Instant): number {
  if (count === 1) return 0;
  const placeMs = ((index - 1) * intervalMs) / count;
  return Math.floor((placeMs - (now.unixMs - now.monoMs)) % intervalMs);
}

/** As on the command line: `1/2`. */
export function formatReplica({ index, count }: Replica): string {
  return `${index}/${count}`;
}
