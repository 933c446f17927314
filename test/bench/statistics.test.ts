import { expect, test } from "vitest";
import { median, quantile, slopeOf } from "../../bench/statistics.ts";

test("quantile() and median() give one of the values, whatever their order", () => {
  const values = [5, 1, 4, 2, 3];
  expect([median(values), quantile(values, 0), quantile(values, 0.99)]).toEqual([3, 1, 5]);
  expect(quantile([], 0.5)).toBeNaN();
});

test("slopeOf() tells a slope from noise by its standard error", () => {
  const exact = slopeOf([0, 1, 2, 3].map((x) => [x, 2 * x + 7]));
  expect(exact.slope).toBeCloseTo(2);
  expect(exact.error).toBeCloseTo(0);
  const noise = slopeOf([1, -1, 1, -1, 1, -1, 1, -1].map((y, x) => [x, y]));
  expect(Math.abs(noise.slope)).toBeLessThan(2 * noise.error);
});
