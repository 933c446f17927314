import { expect, test } from "vitest";
import { nearest } from "../../src/document/nearest.ts";

const KEYS = ["interval", "timeout", "retries", "api_token", "api_token_file"];

test.each([
  ["intervall", "interval"],
  ["Timeout", "timeout"],
  ["timeuot", "timeout"],
  ["api-token", "api_token"],
  ["api_token_fil", "api_token_file"],
])("nearest() takes %s for %s", (word, meant) => {
  expect(nearest(word, KEYS)).toBe(meant);
});

test.each(["concurrency", "x", "", "inte", "i"])("nearest() has no suggestion for %j", (word) => {
  expect(nearest(word, KEYS)).toBeUndefined();
});

test("nearest() does not take one letter for another", () => {
  expect(nearest("d", ["a"])).toBeUndefined();
});

test("nearest() prefers the closest of several", () => {
  expect(nearest("names", ["game", "name"])).toBe("name");
});
