import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NO_HISTORY } from "../../src/domain/history.ts";
import { type State, STATES } from "../../src/domain/link-state.ts";
import { shareOf, type Stretch, timelineOf } from "../../src/domain/timeline.ts";
import { answer, entryAfter, instant } from "../helpers/entry-builder.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Stretches with minutes before `now` for times. */
function minutes(entry: Parameters<typeof timelineOf>[0], nowMs: number, windowMs = HOUR_MS) {
  const now = instant(nowMs);
  return timelineOf(entry, now, windowMs).map(({ state, fromMs, toMs }) => [
    state,
    (now.unixMs - fromMs) / MINUTE_MS,
    (now.unixMs - toMs) / MINUTE_MS,
  ]);
}

test("timelineOf() knows nothing of the time before the first change that is remembered", () => {
  const entry = entryAfter([
    answer(instant(40 * MINUTE_MS), "Healthy"),
    answer(instant(50 * MINUTE_MS), "Down"),
    answer(instant(51 * MINUTE_MS), "Healthy"),
  ]);
  expect(minutes(entry, 55 * MINUTE_MS)).toEqual([
    [undefined, 60, 15],
    ["Healthy", 15, 5],
    ["Down", 5, 4],
    ["Healthy", 4, 0],
  ]);
});

test("timelineOf() shows a run that began before the window as all of it", () => {
  const entry = entryAfter([answer(instant(0), "Down")]);
  expect(minutes(entry, 24 * HOUR_MS)).toEqual([["Down", 60, 0]]);
});

test("timelineOf() shows the Unknown of before the first answer, of which no change is remembered", () => {
  expect(minutes(entryAfter([]), 10 * MINUTE_MS)).toEqual([
    [undefined, 60, 10],
    ["Unknown", 10, 0],
  ]);
});

test("timelineOf() is without gap and never runs backwards, whatever the clock did", () => {
  const change = fc.record({ atUnixMs: fc.integer({ min: 0, max: 100 }), to: fc.constantFrom(...STATES) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), fc.constantFrom(...STATES), (changes, state) => {
      const history = {
        ...NO_HISTORY,
        changes: changes.map((each) => ({
          ...each,
          from: "Unknown" as const,
          reason: "",
          reasonClass: "none",
        })),
      };
      const now = { unixMs: 80, monoMs: 80 };
      const stretches = timelineOf({ state, since: { unixMs: 50, monoMs: 50 }, history }, now, 60);
      expect(stretches[0]?.fromMs).toBe(20);
      expect(stretches.at(-1)?.toMs).toBe(80);
      for (const [index, { fromMs, toMs }] of stretches.entries()) {
        expect(toMs).toBeGreaterThan(fromMs);
        expect(fromMs).toBe(stretches[index - 1]?.toMs ?? 20);
      }
    }),
  );
});

function stretch(state: State | undefined, toMs: number): Stretch {
  return { state, fromMs: 0, toMs };
}

test("shareOf() counts neither Unknown nor what is not remembered", () => {
  expect(
    shareOf([
      stretch(undefined, 50),
      stretch("Unknown", 30),
      stretch("Healthy", 30),
      stretch("Down", 5),
      stretch("Pending", 5),
    ]),
  ).toEqual({ knownMs: 40, healthyMs: 30, available: 0.75 });
  expect(shareOf([stretch("Unknown", 30)]).available).toBeUndefined();
});
