import { expect, test } from "vitest";
import { seededRandom, systemRandom } from "../../src/base/random.ts";

test("systemRandom() is in [0, 1) and not constant", () => {
  const numbers = Array.from({ length: 100 }, () => systemRandom());
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(90);
});

function take(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 2000 }, () => random());
}

test("seededRandom() repeats itself for a seed, differs for another, and is even", () => {
  const numbers = take(7);
  expect(take(7)).toEqual(numbers);
  expect(take(8)).not.toEqual(numbers);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 1);
});
