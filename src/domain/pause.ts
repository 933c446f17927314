import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";

/** Nothing is obeyed beyond this, whatever an answer says: a mistake of a digit must not blind us for a day. */
export const LONGEST_PAUSE_MS = 3_600_000;
const SHORTEST_PAUSE_MS = 1000;

/**
 * Milliseconds of silence after a 429 that asks for `askedMs`, when the pause before ended in this 429 too; 0 for a first one.
 * At least twice that pause, up to a window of Cloudflare's, for which one blocks that does not say how long it means.
 */
export function pauseAfter(askedMs: number = CLOUDFLARE_LIMIT.windowMs, previousMs: number): number {
  const grownMs = Math.min(2 * previousMs, CLOUDFLARE_LIMIT.windowMs);
  return Math.min(Math.max(askedMs, grownMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
}
