import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALONE, formatReplica, shareOf, shiftOf } from "../../src/domain/replica.ts";
import { nextDue, phaseOf } from "../../src/domain/schedule.ts";
import { hostileText } from "../helpers/hostile-text.ts";

test("shareOf() gives all replicas together no more than the budget, and leaves less than one request for each", () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 100_000 }), fc.integer({ min: 1, max: 100 }), (budget, count) => {
      const together = count * shareOf(budget, count);
      expect(together).toBeLessThanOrEqual(budget);
      expect(together).toBeGreaterThan(budget - count);
    }),
  );
});

describe("shiftOf()", () => {
  test("spreads the slots of all replicas evenly over the interval, whenever each of them started", () => {
    const unixMs = fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 });
    const uptimesMs = fc.array(fc.nat(315_360_000_000), { minLength: 2, maxLength: 8 });
    const intervalMs = fc.integer({ min: 1000, max: 86_400_000 });
    fc.assert(
      fc.property(unixMs, uptimesMs, intervalMs, hostileText, (now, uptimes, interval, key) => {
        const count = uptimes.length;
        const placesMs = uptimes.map((monoMs, at) => {
          const shift = shiftOf({ index: at + 1, count }, interval, { unixMs: now, monoMs });
          const dueMs = now + nextDue(monoMs, phaseOf(key, interval) + shift, interval) - monoMs;
          return (((dueMs % interval) + interval) % interval) - phaseOf(key, interval);
        });
        for (const [at, placeMs] of placesMs.entries()) {
          const offMs = (placeMs - (at * interval) / count) % interval;
          // Slots are whole milliseconds.
          expect(Math.min(Math.abs(offMs), interval - Math.abs(offMs))).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("moves nothing for one that is alone, however its clock is set", () => {
    expect(shiftOf(ALONE, 60_000, { unixMs: 1_800_000_000_123, monoMs: 5000 })).toBe(0);
  });
});

test("formatReplica() writes it as on the command line", () => {
  expect(formatReplica({ index: 1, count: 2 })).toBe("1/2");
});
