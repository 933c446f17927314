import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dueAfterPoll, dueAtStart, nextDue, phaseOf, spreadDue } from "../../src/domain/schedule.ts";
import { hostileText } from "../helpers/hostile-text.ts";

/** Whole milliseconds, as the clock gives them: up to ten years of uptime. */
const nowMs = fc.nat(315_360_000_000);
const intervalMs = fc.integer({ min: 1000, max: 86_400_000 });
/** Of a replica's slots, which are by the wall clock. */
const shiftMs = fc.integer({ min: -86_400_000, max: 86_400_000 });

test("phaseOf() is within the interval and the same for the same key", () => {
  fc.assert(
    fc.property(hostileText, intervalMs, (key, interval) => {
      const phase = phaseOf(key, interval);
      expect(phase).toBeGreaterThanOrEqual(0);
      expect(phase).toBeLessThan(interval);
      expect(phaseOf(key, interval)).toBe(phase);
    }),
  );
});

test("nextDue() is the first slot after now: later than now, at most one interval away, always on the same grid", () => {
  fc.assert(
    fc.property(nowMs, hostileText, intervalMs, (now, key, interval) => {
      const phase = phaseOf(key, interval);
      const due = nextDue(now, phase, interval);
      expect(due).toBeGreaterThan(now);
      expect(due).toBeLessThanOrEqual(now + interval);
      const slots = (due - phase) / interval;
      expect(slots).toBeCloseTo(Math.round(slots), 6);
    }),
    { numRuns: 1000 },
  );
});

test("nextDue() from slot to slot takes exactly one interval each: it neither drifts nor skips", () => {
  fc.assert(
    fc.property(nowMs, hostileText, intervalMs, (now, key, interval) => {
      const phase = phaseOf(key, interval);
      const first = nextDue(now, phase, interval);
      const second = nextDue(first, phase, interval);
      expect(second - first).toBe(interval);
      expect(nextDue(second, phase, interval) - second).toBe(interval);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  [0, 0, 60_000, 60_000],
  [59_999, 0, 60_000, 60_000],
  [60_000, 0, 60_000, 120_000],
  [1000, 5000, 60_000, 5000],
  [5000, 5000, 60_000, 65_000],
  [5001, 5000, 60_000, 65_000],
  [3_600_000, 5000, 60_000, 3_605_000],
])("nextDue(%d, %d, %d) is %d, whatever was missed before", (now, phase, interval, due) => {
  expect(nextDue(now, phase, interval)).toBe(due);
});

test("spreadDue() is at once or soon: within the time over which it spreads", () => {
  fc.assert(
    fc.property(nowMs, hostileText, intervalMs, (now, key, spread) => {
      const due = spreadDue(now, key, spread);
      expect(due).toBeGreaterThanOrEqual(now);
      expect(due).toBeLessThan(now + spread);
    }),
  );
});

test("spreadDue() spreads: no second of the ten gets more than its share and a half of a thousand", () => {
  const seconds = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < 1000; index += 1) {
    const second = Math.floor(spreadDue(0, `production/icon-${index}`, 10_000) / 1000);
    seconds[second] = (seconds[second] ?? 0) + 1;
  }
  expect(Math.max(...seconds)).toBeLessThan(150);
});

describe("dueAtStart()", () => {
  const key = "production/icon-ewr-01";
  const interval = 60_000;
  const spreadMs = 10_000;
  const slot = phaseOf(key, interval) + 1000 * interval;
  const start = { key, intervalMs: interval, spreadMs, shiftMs: 0 };

  test("goes on in the rhythm when the last slot's poll has ended", () => {
    const due = dueAtStart({ ...start, nowMs: slot + 30_000, idleSinceMs: slot + 500, polled: true });
    expect(due).toBe(slot + interval);
  });

  test("asks soon when the last slot passed without a poll's end, and puts it off no further however often it starts", () => {
    const idleSinceMs = slot - interval + 500;
    const due = spreadDue(slot, key, spreadMs);
    for (let nowMs = slot; nowMs < due; nowMs += 500) {
      expect(dueAtStart({ ...start, nowMs, idleSinceMs, polled: true })).toBe(due);
    }
    expect(dueAtStart({ ...start, nowMs: due + 700, idleSinceMs, polled: true })).toBe(due + 700);
  });

  test("spreads new ones from the moment they came to be known", () => {
    const bornMs = slot + 1234;
    const due = spreadDue(bornMs, key, spreadMs);
    expect(dueAtStart({ ...start, nowMs: bornMs, idleSinceMs: bornMs, polled: false })).toBe(due);
    expect(dueAtStart({ ...start, nowMs: due - 1, idleSinceMs: bornMs, polled: false })).toBe(due);
    expect(dueAtStart({ ...start, nowMs: due + 5, idleSinceMs: bornMs, polled: false })).toBe(due + 5);
  });

  test("is never past, and never later than an interval and the spread", () => {
    fc.assert(
      fc.property(
        nowMs,
        hostileText,
        intervalMs,
        fc.nat(10_000_000),
        fc.boolean(),
        shiftMs,
        (now, name, each, ago, polled, shift) => {
          const due = dueAtStart({
            nowMs: now,
            key: name,
            intervalMs: each,
            spreadMs,
            shiftMs: shift,
            idleSinceMs: now - ago,
            polled,
          });
          expect(due).toBeGreaterThanOrEqual(now);
          expect(due).toBeLessThanOrEqual(now + each + spreadMs);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("dueAfterPoll()", () => {
  const key = "production/icon-ewr-01";
  const interval = 3_600_000;
  const phase = phaseOf(key, interval);

  test("is a slot of the grid, after the poll's end, and between half and one and a half intervals after it was due", () => {
    const tookMs = fc.nat(120_000);
    fc.assert(
      fc.property(nowMs, hostileText, intervalMs, tookMs, shiftMs, (dueMs, name, each, took, shift) => {
        const endedMs = dueMs + took;
        const due = dueAfterPoll({
          key: name,
          dueMs,
          endedMs,
          intervalMs: each,
          shiftMs: shift,
          notFoundInARow: 0,
        });
        expect((due - phaseOf(name, each) - shift) % each).toBeCloseTo(0, 6);
        expect(due).toBeGreaterThan(endedMs);
        expect(due - dueMs).toBeGreaterThanOrEqual(each / 2);
        expect(due).toBeLessThanOrEqual(Math.max(endedMs, dueMs + each / 2) + each);
      }),
      { numRuns: 500 },
    );
  });

  test("asks a first 404 again after 15 s, unless its slot comes before; a second one in its rhythm", () => {
    const poll = { key, dueMs: phase, endedMs: phase + 1000, intervalMs: interval, shiftMs: 0 };
    expect(dueAfterPoll({ ...poll, notFoundInARow: 0 })).toBe(phase + interval);
    expect(dueAfterPoll({ ...poll, notFoundInARow: 1 })).toBe(phase + 16_000);
    expect(dueAfterPoll({ ...poll, notFoundInARow: 2 })).toBe(phase + interval);
    const late = { ...poll, endedMs: phase + interval - 5000, notFoundInARow: 1 };
    expect(dueAfterPoll(late)).toBe(phase + interval);
  });
});
