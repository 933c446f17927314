import { expect, test } from "vitest";
import { parseGoDuration } from "../../../src/http/web-config/go-duration.ts";

test.each([
  ["0", 0],
  ["1s", 1000],
  ["1.5h", 5_400_000],
  [".5s", 500],
  ["1m30s", 90_000],
  ["250ms", 250],
  ["100us", 0.1],
  ["100µs", 0.1],
])("parseGoDuration() reads %s as %d ms", (text, ms) => {
  expect(parseGoDuration(text)).toBeCloseTo(ms, 9);
});

test("parseGoDuration() takes no long time over a long text", () => {
  const startMs = performance.now();
  expect(parseGoDuration("1".repeat(200_000))).toBeUndefined();
  expect(performance.now() - startMs).toBeLessThan(1000);
});

test.each(["", "1", "1d", "-1s", "1 s", "s", "1s1", "."])("parseGoDuration() takes %j for none", (text) => {
  expect(parseGoDuration(text)).toBeUndefined();
});
