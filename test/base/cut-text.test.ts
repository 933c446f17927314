import { expect, test } from "vitest";
import { cutText } from "../../src/base/cut-text.ts";

test.each([
  ["", 3, ""],
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["😀😀😀", 3, "😀😀😀"],
  ["😀😀😀😀", 3, "😀😀…"],
  ["a\ud800", 3, "a\ufffd"],
  ["😀".repeat(100_000), 3, "😀😀…"],
])("cutText() of %j to %d", (text, most, cut) => {
  expect(cutText(text, most)).toBe(cut);
});
