import * as fc from "fast-check";
import { expect, test } from "vitest";
import { recentMax } from "../../src/metrics/recent-max.ts";

test("recentMax() forgets a value exactly when its window has passed", () => {
  const max = recentMax(100);
  expect(max.read(0)).toBe(0);
  max.add(0, 7);
  max.add(10, 3);
  expect(max.read(99)).toBe(7);
  expect(max.read(100)).toBe(3);
  expect(max.read(110)).toBe(0);
});

test("recentMax() equals the largest of all values in the window", () => {
  const step = fc.record({ waitMs: fc.nat(60), value: fc.nat(20), read: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const max = recentMax(100);
      const all: { readonly atMs: number; readonly value: number }[] = [];
      let nowMs = 0;
      for (const { waitMs, value, read } of steps) {
        nowMs += waitMs;
        max.add(nowMs, value);
        all.push({ atMs: nowMs, value });
        const oldestMs = nowMs - 100;
        const expected = Math.max(...all.filter(({ atMs }) => atMs > oldestMs).map((each) => each.value));
        // A read forgets, so that some histories have few of them.
        expect(read ? max.read(nowMs) : expected).toBe(expected);
      }
    }),
  );
});
