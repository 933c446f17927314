import { expect, test } from "vitest";
import { at } from "../../src/base/at.ts";

test("at() gives the item, and says which index has none", () => {
  expect(at([5, 6], 1)).toBe(6);
  expect(() => at(new Uint32Array(2), 2)).toThrow("Expected an index below 2, got 2");
});
