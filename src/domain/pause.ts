import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";

/** Nothing is obeyed beyond this, whatever an answer says: a mistake of a digit must not blind us for a day. */
export const LONGEST_PAUSE_MS = 3_600_000;
const SHORTEST_PAUSE_MS = 1000;

/** The pauses of a credential since its last good answer. Monotonic milliseconds. */
export interface PauseRow {
  /** When the last one began. */
  readonly beganMs: number;
  /** The longest one. */
  readonly lengthMs: number;
  /** Whether one was shorter than asked for. */
  readonly wasCut: boolean;
}

export const NO_ROW: PauseRow = { beganMs: Number.NEGATIVE_INFINITY, lengthMs: 0, wasCut: false };

/** What comes of a 429. */
interface Paused {
  /** How long nothing is asked. */
  readonly ms: number;
  /** Whether this is the first of its row that is shorter than asked for. */
  readonly firstCut: boolean;
  readonly row: PauseRow;
}

/**
 * After a 429 to a request sent at `sentMs` that asks for `askedMs`: for as long as it asks, and at least twice as long as the
 * pause before it, up to a window of Cloudflare's, for which one blocks that does not say how long it means.
 */
export function pauseAfter(
  row: PauseRow,
  {
    nowMs,
    sentMs,
    askedMs,
  }: { readonly nowMs: number; readonly sentMs: number; readonly askedMs: number | undefined },
): Paused {
  // What was under way when the pause began is of the same burst, and makes the next one no longer.
  const isNew = sentMs > row.beganMs;
  const grownMs = isNew ? Math.min(2 * row.lengthMs, CLOUDFLARE_LIMIT.windowMs) : 0;
  const wantedMs = Math.max(askedMs ?? CLOUDFLARE_LIMIT.windowMs, grownMs, SHORTEST_PAUSE_MS);
  const ms = Math.min(wantedMs, LONGEST_PAUSE_MS);
  const isCut = askedMs !== undefined && ms < askedMs;
  return {
    ms,
    firstCut: isCut && !row.wasCut,
    row: {
      beganMs: isNew ? nowMs : row.beganMs,
      lengthMs: Math.max(ms, row.lengthMs),
      wasCut: row.wasCut || isCut,
    },
  };
}

/** After a good answer to a request sent at `sentMs`: when that was after the pause, the next one begins small again. */
export function rowAfterAnswer(row: PauseRow, sentMs: number): PauseRow {
  return sentMs > row.beganMs ? NO_ROW : row;
}
