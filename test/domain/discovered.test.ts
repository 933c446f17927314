import { describe, expect, test } from "vitest";
import { afterList, type Discovery, isWanted, NOTHING_DISCOVERED } from "../../src/domain/discovered.ts";
import { NO_INFO } from "../../src/domain/target.ts";

function listOf(names: string, speed = "10G") {
  return names.split("").map((name) => ({ name, info: { ...NO_INFO, speed } }));
}

/** What is known after these good lists, a letter for each interconnect. */
function after(...lists: readonly string[]): Discovery {
  return lists.reduce<Discovery>((known, names) => afterList(known, listOf(names)), NOTHING_DISCOVERED);
}

function known(...lists: readonly string[]): string {
  return after(...lists)
    .known.map(({ name }) => name)
    .join("");
}

describe("afterList()", () => {
  test.each([
    [["ab"], "ab", "the first list is believed"],
    [["ab", "abc"], "abc", "a new one counts at once"],
    [["ab", "a"], "ab", "missing once is not gone"],
    [["ab", "a", "a"], "a", "missing twice in a row is"],
    [["ab", "a", "ab", "a"], "ab", "what comes back starts over"],
    [["abc", "ab", "ac", "ac"], "ac", "each is counted for itself"],
    [["ab", ""], "ab", "an empty list is not believed"],
    [["ab", "", ""], "ab", "nor the second"],
    [["ab", "", "", ""], "", "but the third"],
    [["ab", "", "", "ab", "", ""], "ab", "they must come in a row"],
    [["", "", "", "", "a"], "a", "an account that begins empty has what comes later"],
    [["ab", "c"], "cab", "a wholly other list takes two as well"],
    [["ab", "c", "c"], "c", "and then is all there is"],
    [["ab", "", "", "c"], "cab", "an empty list that was not believed counts for nothing"],
  ])("of %j knows %j: %s", (lists, wanted) => {
    expect(known(...lists)).toBe(wanted);
  });

  test("knows the newest info, and the last one of what is missing", () => {
    const first = afterList(NOTHING_DISCOVERED, listOf("ab", "1G"));
    const second = afterList(first, listOf("a", "100G"));
    expect(second.known.map(({ name, info }) => [name, info.speed])).toEqual([
      ["a", "100G"],
      ["b", "1G"],
    ]);
  });

  test("leaves what was known before as it was", () => {
    const before = after("ab");
    const copy = structuredClone(before);
    afterList(before, listOf("a"));
    afterList(before, []);
    expect(before).toEqual(copy);
  });
});

test.each([
  ["icon-ewr-01", ["*"], [], true],
  ["icon-ewr-01", ["icon-ewr-*"], [], true],
  ["icon-lhr-01", ["icon-ewr-*"], [], false],
  ["icon-lhr-01", ["icon-ewr-*", "*-lhr-*"], [], true],
  ["icon-ewr-01", ["*"], ["icon-ewr-??"], false],
  ["icon-ewr-001", ["*"], ["icon-ewr-??"], true],
  ["icon-ewr-01", ["icon-ewr-01"], ["icon-ewr-01"], false],
  ["icon-ewr-01", [], [], false],
])("isWanted() of %s with include %j and exclude %j is %j", (name, include, exclude, wanted) => {
  expect(isWanted(name, { include, exclude })).toBe(wanted);
});
