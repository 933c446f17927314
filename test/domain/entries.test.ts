import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Entries } from "../../src/domain/entries.ts";
import type { Entry } from "../../src/domain/entry.ts";
import { at } from "../../src/base/at.ts";
import { buildPlan, buildTarget, planned, replay } from "../helpers/entry-builder.ts";

const TARGETS = Array.from({ length: 100 }, (_, nth) => buildTarget(`icon-${nth}`));
const FIRST: readonly Entry[] = replay([planned(buildPlan(TARGETS))]).entries.all;

test("Entries are what an array of the same entries is, after any changes, and those from before stay as they were", () => {
  const length = fc.integer({ min: 1, max: FIRST.length });
  fc.assert(
    fc.property(length, fc.array(fc.nat(FIRST.length - 1), { maxLength: 20 }), (count, positions) => {
      let array = FIRST.slice(0, count);
      let entries = Entries.of(array);
      const before = entries;
      for (const [nth, position] of positions.map((each) => each % count).entries()) {
        const entry = { ...at(array, position), polls: nth };
        array = array.with(position, entry);
        entries = entries.with(position, entry);
        expect(entries.at(position)).toBe(entry);
      }
      expect(entries).toHaveLength(count);
      expect(entries.all.every((entry, position) => entry === array[position])).toBe(true);
      expect(entries.all).toHaveLength(count);
      for (const most of [0, 5, 19]) {
        expect(entries.every(({ polls }) => polls <= most)).toBe(array.every(({ polls }) => polls <= most));
      }
      expect(before.all).toEqual(FIRST.slice(0, count));
    }),
  );
});

test("Entries give the same array each time, and no entry where there is none", () => {
  const entries = Entries.of(FIRST);
  expect(entries.all).toBe(entries.all);
  expect([entries.at(-1), entries.at(FIRST.length), Entries.of([]).at(0)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(() => entries.with(FIRST.length + 100, at(FIRST, 0))).toThrow(RangeError);
});
