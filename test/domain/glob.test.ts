import * as fc from "fast-check";
import { expect, test } from "vitest";
import { globToRegExp } from "../../src/domain/glob.ts";

test.each([
  ["*", "", true],
  ["*", "icon-ewr-01", true],
  ["icon-*", "icon-ewr-01", true],
  ["icon-*", "my-icon-ewr-01", false],
  ["*-01", "icon-ewr-01", true],
  ["*-01", "icon-ewr-011", false],
  ["icon-*-0?", "icon-ewr-lab-01", true],
  ["icon-*-0?", "icon-ewr-0", false],
  ["icon-???-01", "icon-ewr-01", true],
  ["icon-???-01", "icon-newr-01", false],
  ["ICON-*", "icon-ewr-01", false],
  ["a.c", "abc", false],
  ["[a]", "a", false],
  ["[a]", "[a]", true],
  ["a-b", "a-b", true],
  ["{a,b}", "a", false],
  ["a|b", "a", false],
  ["(a+)$^\\", "(a+)$^\\", true],
  ["a/*", "a/b/c", true],
  ["*1*0", "10", true],
  ["?", "\u{1f600}", true],
  ["*", "two\nlines", true],
  ["a", "a\n", false],
])("globToRegExp() of %j on %j says %j", (pattern, text, expected) => {
  expect(globToRegExp(pattern).test(text)).toBe(expected);
});

/** By the book: every way to split the text, with what was tried already remembered. */
function matches(pattern: string, text: string): boolean {
  const tried = new Map<string, boolean>();
  function from(p: number, t: number): boolean {
    const key = `${p},${t}`;
    const known = tried.get(key);
    if (known !== undefined) return known;
    const sign = pattern[p];
    const result =
      sign === undefined
        ? t === text.length
        : sign === "*"
          ? from(p + 1, t) || (t < text.length && from(p, t + 1))
          : t < text.length && (sign === "?" || sign === text[t]) && from(p + 1, t + 1);
    tried.set(key, result);
    return result;
  }
  return from(0, 0);
}

test("globToRegExp() matches what the definition of a glob matches", () => {
  const characters = fc.constantFrom("a", "b", ".", "1");
  const signs = fc.oneof({ weight: 2, arbitrary: characters }, fc.constantFrom("*", "?"));
  const pattern = fc.string({ unit: signs, maxLength: 10 });
  fc.assert(
    fc.property(pattern, fc.string({ unit: characters, maxLength: 12 }), (glob, text) => {
      expect(globToRegExp(glob).test(text)).toBe(matches(glob, text));
    }),
    { numRuns: 2000 },
  );
});

test("globToRegExp() needs no more time for many stars than the text is long", () => {
  // A plain `.*a.*a...` would try more ways than there are atoms.
  expect(globToRegExp(`${"*a".repeat(120)}*b`).test("a".repeat(20_000))).toBe(false);
  expect(globToRegExp("*a?".repeat(80)).test("a".repeat(20_000))).toBe(true);
});
