import { expect, test } from "vitest";
import { rememberLast } from "../../src/base/remember-last.ts";

test("rememberLast() makes anew only for another object", () => {
  const made: object[] = [];
  const remember = rememberLast((source: object) => made.push(source));
  const [a, b] = [{}, {}];
  expect([remember(a), remember(a), remember(b), remember(a)]).toEqual([1, 1, 2, 3]);
});
