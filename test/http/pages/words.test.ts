import { expect, test } from "vitest";
import {
  counted,
  durationText,
  isoTime,
  listText,
  numberText,
  percentText,
  utcText,
  utcTimeOfDay,
} from "../../../src/http/pages/words.ts";

test.each([
  [-5, "0 s"],
  [999, "0 s"],
  [12_900, "12 s"],
  [60_000, "1 min"],
  [23 * 60_000 + 59_000, "23 min"],
  [3_600_000, "1 h"],
  [4 * 3_600_000 + 10 * 60_000, "4 h 10 min"],
  [86_400_000, "1 d"],
  [3 * 86_400_000 + 2 * 3_600_000 + 5, "3 d 2 h"],
  [400 * 86_400_000, "400 d"],
])("durationText(%d) is %s: never longer than it was", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test("times are in UTC, and say so to people", () => {
  expect(isoTime(1_800_000_000_999)).toBe("2027-01-15T08:00:00Z");
  expect(utcText(1_800_000_000_999)).toBe("2027-01-15 08:00:00 UTC");
  expect(utcTimeOfDay(1_800_000_000_999)).toBe("08:00:00 UTC");
});

test("numbers have commas, and counts agree with their nouns", () => {
  expect([999, 1000, 10_000, 1_234_567].map(numberText)).toEqual(["999", "1,000", "10,000", "1,234,567"]);
  expect([counted(1, "circuit"), counted(1200, "circuit"), counted(2, "is", "are")]).toEqual([
    "1 circuit",
    "1,200 circuits",
    "2 are",
  ]);
});

test.each([
  [1, "100 %"],
  [0.999_99, "99.99 %"],
  [0.5, "50 %"],
  [0, "0 %"],
])("percentText(%d) is %s: what is not whole never reads 100 %%", (share, text) => {
  expect(percentText(share)).toBe(text);
});

test("listText() joins as people do", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listText)).toEqual(["", "a", "a and b", "a, b and c"]);
});
