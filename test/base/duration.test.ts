import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, guessDuration, parseDuration } from "../../src/base/duration.ts";

test.each([
  ["0", 0],
  ["0s", 0],
  ["15ms", 15],
  ["30s", 30_000],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["2d", 172_800_000],
  ["1w", 604_800_000],
  ["1y", 31_536_000_000],
  ["1y2w3d4h5m6s7ms", 33_019_506_007],
])("parseDuration() reads %s as Prometheus does", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  "",
  " ",
  "30",
  "s",
  "1.5s",
  "-5s",
  "30 s",
  "30S",
  "5m1h",
  "1s1s",
  "30x",
  "1e3s",
  "99999999999999999999y",
])("parseDuration() refuses %j", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, "0s"],
  [0.4, "0s"],
  [1, "1ms"],
  [90_000, "1m30s"],
  [600_000, "10m"],
  [604_800_000, "7d"],
  [90_061_001, "1d1h1m1s1ms"],
])("formatDuration() writes %d ms as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("formatDuration() writes what parseDuration() reads back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

test.each([
  ["60 seconds", "60s"],
  ["60", "60s"],
  ["5M", "5m"],
  ["2 hrs", "2h"],
  ["1.5m", "1m30s"],
  ["250 milliseconds", "250ms"],
  ["00:01:30", "1m30s"],
  ["PT1H", "1h"],
  ["P1D", "1d"],
  ["5 months", undefined],
  ["PTX", undefined],
  ["soon", undefined],
  ["1m 30s", "1m30s"],
  ["1H 30M", "1h30m"],
])("guessDuration(%j) is %j", (text, meant) => {
  expect(guessDuration(text)).toBe(meant);
});
