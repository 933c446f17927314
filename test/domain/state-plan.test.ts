import { describe, expect, test } from "vitest";
import { EMPTY_STATE, entryOf, reduce } from "../../src/domain/state.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  failure,
  instant,
  planned,
  replay,
  timePassed,
} from "../helpers/entry-builder.ts";

describe("reduce() on a new plan", () => {
  const first = buildTarget("icon-01");
  const second = buildTarget("icon-02");

  test("keeps the entries that survive, in the order of the plan, with their new target", () => {
    const before = replay([
      planned(buildPlan([first, second])),
      answer(instant(1000), "Down", "", first.key),
      answer(instant(1000), "Healthy", "", second.key),
    ]);
    const expected = buildTarget("icon-01", { expectedState: "Pending", labels: { circuit_id: "XC-1" } });
    const third = buildTarget("icon-03");
    const after = reduce(before, planned(buildPlan([third, expected]), instant(5000)));
    expect(after.entries.map(({ target }) => target)).toEqual([third, expected]);
    expect(entryOf(after, first.key)).toEqual({ ...entryOf(before, first.key), target: expected });
    expect(entryOf(after, third.key)).toMatchObject({ state: "Unknown", since: instant(5000), polls: 0 });
    expect(entryOf(after, second.key)).toBeUndefined();
  });

  test("ignores an answer for one that has left", () => {
    const state = replay([planned(buildPlan([first]))]);
    expect(reduce(state, answer(instant(1), "Down", "", second.key))).toBe(state);
    expect(reduce(state, failure(instant(1), "timeout", second.key))).toBe(state);
    expect(reduce(EMPTY_STATE, timePassed(instant(1)))).toBe(EMPTY_STATE);
  });

  test("keeps two interconnects of the same name in two accounts apart", () => {
    const twin = buildTarget("icon-01", { account: "lab" });
    const state = replay([planned(buildPlan([first, twin])), answer(instant(1), "Down", "", twin.key)]);
    expect(state.entries.map((entry) => entry.state)).toEqual(["Unknown", "Down"]);
  });
});
