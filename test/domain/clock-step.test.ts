import { describe, expect, test } from "vitest";
import type { Instant } from "../../src/base/clock.ts";
import { clockStep } from "../../src/domain/clock-step.ts";
import type { Event } from "../../src/domain/state.ts";
import {
  answer,
  entryAfter,
  failure,
  instant,
  STALE_AFTER_MS,
  timePassed,
} from "../helpers/entry-builder.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_UNIX_MS = instant(0).unixMs;

/** `ms` after the start, by a wall clock that is off by so much. */
function off(ms: number, byMs: number): Instant {
  return { monoMs: instant(ms).monoMs, unixMs: instant(ms).unixMs + byMs };
}

const set = (ms: number, byMs: number): Event => ({
  type: "clock-set",
  at: off(ms, byMs),
  byMs,
  startUnixMs: START_UNIX_MS,
});

const resumed = (ms: number, byMs: number): Event => ({
  type: "stood-still",
  at: off(ms, byMs),
  byMs,
  startUnixMs: START_UNIX_MS,
});
describe("clockStep()", () => {
  test.each<[number, ReturnType<typeof clockStep>]>([
    [0, undefined],
    [1000, undefined],
    [-1000, undefined],
    [1001, { type: "clock-set", byMs: 1001 }],
    [-1001, { type: "clock-set", byMs: -1001 }],
    [30_000, { type: "clock-set", byMs: 30_000 }],
    [30_001, { type: "stood-still", byMs: 30_001 }],
    [-DAY_MS, { type: "clock-set", byMs: -DAY_MS }],
  ])("of %d ms", (byMs, expected) => {
    expect(clockStep(instant(0), off(5000, byMs))).toEqual(expected);
  });
});

describe("a wall clock that was set", () => {
  test("takes the times of this process along: since, last success and history", () => {
    const before = [
      answer(instant(0), "Healthy"),
      answer(instant(60_000), "Down"),
      failure(instant(61_000), "tls"),
    ];
    const entry = entryAfter([...before, set(62_000, -DAY_MS)]);
    expect(entry.since).toEqual(off(60_000, -DAY_MS));
    expect(entry.changed).toEqual(off(60_000, -DAY_MS));
    expect(entry.lastSuccess).toEqual(off(60_000, -DAY_MS));
    const { changes, polls, failures } = entry.history;
    expect(changes.map(({ atUnixMs }) => atUnixMs)).toEqual([0, 60_000].map((ms) => off(ms, -DAY_MS).unixMs));
    expect(polls).toHaveLength(3);
    expect(failures.map(({ atUnixMs }) => atUnixMs)).toEqual([off(61_000, -DAY_MS).unixMs]);
  });

  test("leaves alone what is from before the process", () => {
    const event: Event = {
      type: "clock-set",
      at: instant(2),
      byMs: -DAY_MS,
      startUnixMs: START_UNIX_MS + 10,
    };
    const entry = entryAfter([answer(instant(0), "Down"), event]);
    expect(entry.since).toEqual(instant(0));
    expect(entry.history.changes[0]?.atUnixMs).toBe(instant(0).unixMs);
    expect(entryAfter([set(1, 5000)]).lastSuccess).toBeUndefined();
  });

  test("makes no answer older or younger", () => {
    const events = [answer(instant(0), "Healthy"), set(1000, -DAY_MS)];
    expect(entryAfter([...events, timePassed(off(STALE_AFTER_MS, -DAY_MS))]).state).toBe("Healthy");
    expect(entryAfter([...events, timePassed(off(STALE_AFTER_MS + 1, -DAY_MS))]).state).toBe("Unknown");
  });
});

describe("a machine that stood still", () => {
  const asleep = [answer(instant(0), "Healthy"), resumed(1000, 3 * HOUR_MS)];

  test("is believed for half a minute more, then Unknown from when its answer had grown too old", () => {
    expect(entryAfter([...asleep, timePassed(off(30_999, 3 * HOUR_MS))]).state).toBe("Healthy");
    const entry = entryAfter([...asleep, timePassed(off(31_000, 3 * HOUR_MS))]);
    expect(entry.state).toBe("Unknown");
    expect(entry.since.unixMs).toBe(instant(STALE_AFTER_MS).unixMs);
    expect(entry.lastSuccess?.unixMs).toBe(instant(0).unixMs);
    expect(entry.stateMs.Healthy).toBe(0);
    expect(entry.stateMs.Unknown).toBe(0);
  });

  test("keeps its state when a poll succeeds in time, whatever comes later", () => {
    const entry = entryAfter([
      ...asleep,
      answer(off(20_000, 3 * HOUR_MS), "Healthy"),
      timePassed(off(40_000, 3 * HOUR_MS)),
    ]);
    expect(entry.state).toBe("Healthy");
    expect(entry.since.unixMs).toBe(instant(0).unixMs);
  });

  test("ages by all it slept through when it fell asleep again at once", () => {
    const nap = 6 * 60_000;
    const events = [answer(instant(0), "Healthy"), resumed(1000, nap), resumed(2000, nap)];
    expect(entryAfter([...events, timePassed(off(32_000, 2 * nap))]).state).toBe("Unknown");
    const one = [answer(instant(0), "Healthy"), resumed(1000, nap)];
    expect(entryAfter([...one, timePassed(off(32_000, nap))]).state).toBe("Healthy");
  });

  test("gets no more time for an answer by falling asleep again and again", () => {
    const events = [answer(instant(0), "Healthy"), resumed(1000, HOUR_MS), resumed(21_000, HOUR_MS)];
    expect(entryAfter([...events, timePassed(off(30_000, 2 * HOUR_MS))]).state).toBe("Healthy");
    expect(entryAfter([...events, timePassed(off(31_000, 2 * HOUR_MS))]).state).toBe("Unknown");
  });

  test("gets time anew when it falls asleep after that of before is over", () => {
    const nap = 6 * 60_000;
    const events = [answer(instant(0), "Healthy"), resumed(1000, nap), resumed(40_000, nap)];
    expect(entryAfter([...events, timePassed(off(69_000, 2 * nap))]).state).toBe("Healthy");
    expect(entryAfter([...events, timePassed(off(70_000, 2 * nap))]).state).toBe("Unknown");
  });

  test("does not know more than before when nothing was answered yet", () => {
    const entry = entryAfter([resumed(1000, HOUR_MS), timePassed(off(40_000, HOUR_MS))]);
    expect(entry).toMatchObject({ state: "Unknown", doubt: undefined, lastSuccess: undefined });
  });
});
