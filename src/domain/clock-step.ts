import type { Instant } from "../base/clock.ts";
import type { Entry } from "./entry.ts";
import type { History } from "./history.ts";

/** A wall clock that runs ahead of the monotonic one by more, at once, is that of a machine which stood still meanwhile. */
const STOOD_STILL_MS = 30_000;
/** An answer of before a standstill is believed for this long, in which every interconnect is asked again. */
const ASK_AGAIN_MS = 30_000;
/** What the two clocks may differ by before that is worth an event: NTP slews a clock by half a millisecond a second. */
const TOLERANCE_MS = 1000;

/** The wall clock has moved against the monotonic one, by `byMs` since the offset of `before`. */
export interface ClockStep {
  readonly type: "clock-set" | "stood-still";
  readonly byMs: number;
}

/** What happened to the wall clock between two moments; undefined when it ran as it should. */
export function clockStep(before: Instant, now: Instant): ClockStep | undefined {
  const byMs = now.unixMs - now.monoMs - (before.unixMs - before.monoMs);
  if (byMs > STOOD_STILL_MS) return { type: "stood-still", byMs };
  return Math.abs(byMs) > TOLERANCE_MS ? { type: "clock-set", byMs } : undefined;
}

/** The entry with the times of this process, those from `startUnixMs` by the old clock on, by the new one. */
export function rebase(entry: Entry, byMs: number, startUnixMs: number): Entry {
  const { since, changed, lastSuccess, history } = entry;
  const moved = <T extends Instant | undefined>(instant: T): T =>
    instant === undefined || instant.unixMs < startUnixMs
      ? instant
      : { ...instant, unixMs: instant.unixMs + byMs };
  return {
    ...entry,
    since: moved(since),
    changed: moved(changed),
    lastSuccess: moved(lastSuccess),
    history: rebaseHistory(history, byMs, startUnixMs),
  };
}

function rebaseHistory({ changes, polls, failures }: History, byMs: number, startUnixMs: number): History {
  const move = <T extends { readonly atUnixMs: number }>(records: readonly T[]): readonly T[] =>
    records.map((record) =>
      record.atUnixMs < startUnixMs ? record : { ...record, atUnixMs: record.atUnixMs + byMs },
    );
  return { changes: move(changes), polls: move(polls), failures: move(failures) };
}

/**
 * The entry after a standstill: what it knows is older by that, but its answer is doubted only once it could have been asked
 * again. Another standstill meanwhile gives no more time for that, or one after another would keep an answer for ever.
 */
export function standStill(before: Entry, byMs: number, at: Instant): Entry {
  const entry = doubted(before, at);
  const { since, changed, lastSuccess, doubt } = entry;
  return {
    ...entry,
    since: earlier(since, byMs),
    changed: changed === undefined ? undefined : earlier(changed, byMs),
    doubt:
      lastSuccess === undefined
        ? undefined
        : {
            fromMonoMs: doubt?.fromMonoMs ?? at.monoMs + ASK_AGAIN_MS,
            ageMs: byMs + (doubt?.ageMs ?? 0),
          },
  };
}

/** The entry with its answer as old as it is, once nothing better came in time. */
export function doubted(entry: Entry, at: Instant): Entry {
  const { doubt, lastSuccess } = entry;
  if (doubt === undefined || lastSuccess === undefined || at.monoMs < doubt.fromMonoMs) return entry;
  return { ...entry, doubt: undefined, lastSuccess: earlier(lastSuccess, doubt.ageMs) };
}

/** The same wall time, further back on the clock that did not run meanwhile. */
function earlier(instant: Instant, byMs: number): Instant {
  return { unixMs: instant.unixMs, monoMs: instant.monoMs - byMs };
}
