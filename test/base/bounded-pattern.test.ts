import { describe, expect, test } from "vitest";
import { BoundedPattern } from "../../src/base/bounded-pattern.ts";

/** The first doubles its time with each letter, the last takes the fourth power of the length. */
const ENDLESS = [
  [String.raw`^(\w+\s?)*$`, "loss of signal on the far side of the circuit that is away!!"],
  ["(a|a)*$", `${"a".repeat(60)}!`],
  [".*.*.*x", "a".repeat(8192)],
] as const;

describe("BoundedPattern", () => {
  test("matches as a regular expression does, whatever the case", () => {
    const pattern = new BoundedPattern("no.?light");
    expect([pattern.test("NO LIGHT"), pattern.test("light"), pattern.source]).toEqual([
      true,
      false,
      "no.?light",
    ]);
    expect(() => new BoundedPattern("(")).toThrow(SyntaxError);
  });

  test.each(ENDLESS)("gives up a match of %s that does not end", (source, text) => {
    const startMs = performance.now();
    const pattern = new BoundedPattern(source);
    expect(pattern.test(text)).toBe(false);
    expect(performance.now() - startMs).toBeLessThan(5000);
  });

  test("is out of use once it has not ended ten times", () => {
    const pattern = new BoundedPattern(`${ENDLESS[0][0]}|^x!$`);
    expect(pattern.test("x!")).toBe(true);
    expect([pattern.isTooSlow, pattern.isOut]).toEqual([false, false]);
    pattern.test(ENDLESS[0][1]);
    expect([pattern.isTooSlow, pattern.isOut]).toEqual([true, false]);
    for (let count = 0; count < 9; count += 1) pattern.test(ENDLESS[0][1]);
    expect(pattern.test("x!")).toBe(false);
    expect(pattern.isOut).toBe(true);
  });
});
