import { expect, test } from "vitest";
import { cfRayOf, headerOf, rateLimitRemainingOf } from "../../src/api/response-headers.ts";

test("headerOf() takes the first of a repeated header", () => {
  expect(headerOf({ a: ["1", "2"] }, "a")).toBe("1");
  expect(headerOf({ a: "1" }, "a")).toBe("1");
  expect(headerOf({}, "a")).toBeUndefined();
});

test.each([
  ["8a1b2c3d4e5f6789-SYD", "8a1b2c3d4e5f6789-SYD"],
  ["<script>", undefined],
  ["", undefined],
  ["a".repeat(65), undefined],
])("cfRayOf() believes what looks like one: %s", (value, wanted) => {
  expect(cfRayOf({ "cf-ray": value })).toBe(wanted);
});

test.each([
  ['"default";r=50;t=30', 50],
  ['"default"; t=30 ; r=0', 0],
  ['"default";r=1199;t=1, "burst";r=7;t=1', 7],
  ['"a;r=1";r=5', 5],
  ['"default";q=100;w=60', undefined],
  ['"default";r=x', undefined],
  [`"default";r=${"9".repeat(40)}`, undefined],
  ["", undefined],
])("rateLimitRemainingOf() reads %s", (value, wanted) => {
  expect(rateLimitRemainingOf({ ratelimit: value })).toBe(wanted);
});
