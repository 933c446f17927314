import { expect, test } from "vitest";
import { isOneWord } from "../../src/base/one-word.ts";

test.each([
  ["cfut_a-B.3~!", true],
  ["", false],
  ["two words", false],
  ["line\n", false],
  ["caf\u00e9", false],
  ["\u007f", false],
])("isOneWord() of %j is %j", (text, expected) => {
  expect(isOneWord(text)).toBe(expected);
});
