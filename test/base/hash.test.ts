import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hash32, hashFraction } from "../../src/base/hash.ts";
import { brokenText } from "../helpers/hostile-text.ts";

test("hash32() stays the same over versions, since phases and seeds hang on it", () => {
  expect(["", "a", "production/icon-ewr-01", "é✓"].map(hash32)).toEqual([
    2_872_998_923, 444_641_715, 2_906_586_402, 2_326_392_780,
  ]);
});

test("hashFraction() is in [0, 1) for any string", () => {
  fc.assert(
    fc.property(brokenText, (text) => {
      expect(hashFraction(text)).toBeGreaterThanOrEqual(0);
      expect(hashFraction(text)).toBeLessThan(1);
    }),
  );
});

test("hashFraction() spreads names that differ in their last digits alone evenly", () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < 1000; index += 1) {
    const tenth = Math.floor(hashFraction(`production/icon-${String(index).padStart(4, "0")}`) * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  // 100 are expected in each; a fair hash leaves this range once in some 10,000 tries.
  expect(Math.min(...tenths)).toBeGreaterThan(60);
  expect(Math.max(...tenths)).toBeLessThan(140);
});
