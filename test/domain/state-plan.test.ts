import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/domain/plan.ts";
import type { Target } from "../../src/domain/target.ts";
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
    expect(after.entries.all.map(({ target }) => target)).toEqual([third, expected]);
    expect(entryOf(after, first.key)).toEqual({ ...entryOf(before, first.key), target: expected });
    expect(entryOf(after, third.key)).toMatchObject({ state: "Unknown", since: instant(5000), polls: 0 });
    expect(entryOf(after, second.key)).toBeUndefined();
  });

  test("leaves everything as it is when nothing of the plan changed, as after most lists", () => {
    const groups = [{ name: "pair", members: [first.key], minHealthy: 1 }];
    const labelled = { labels: { circuit_id: "XC-1" } };
    const plan = (): Plan =>
      buildPlan([buildTarget("icon-01", labelled), buildTarget("icon-02")], { groups });
    const before = replay([planned(plan()), answer(instant(1000), "Down", "", first.key)]);
    expect(reduce(before, planned(plan(), instant(5000)))).toBe(before);
  });

  test.each<[string, (plan: Plan) => Plan]>([
    ["its staleness", (plan) => ({ ...plan, staleAfterMs: { production: 1 } })],
    ["its groups", (plan) => ({ ...plan, groups: [{ name: "pair", members: [first.key], minHealthy: 1 }] })],
    ["its reasons", (plan) => ({ ...plan, reasons: { ...plan.reasons, label: "off" } })],
  ])("keeps the very entries and has the new plan when of it %s alone changed", (_what, change) => {
    const plan = change(buildPlan([first, second]));
    const before = replay([planned(buildPlan([first, second]))]);
    const after = reduce(before, planned(plan, instant(5000)));
    expect(after.plan).toBe(plan);
    expect(after.entries.all.every((entry, index) => entry === before.entries.all[index])).toBe(true);
  });

  test.each<[string, Partial<Target>]>([
    ["a label's value", { labels: { circuit_id: "XC-2" } }],
    ["a label's name", { labels: { provider: "XC-1" } }],
    ["no label", {}],
    ["a speed", { labels: { circuit_id: "XC-1" }, info: { ...first.info, speed: "10G" } }],
  ])("gives an entry alone its new target when %s is new", (_what, overrides) => {
    const labelled = buildTarget("icon-01", { labels: { circuit_id: "XC-1" } });
    const before = replay([planned(buildPlan([labelled, second]))]);
    const changed = buildTarget("icon-01", overrides);
    const after = reduce(before, planned(buildPlan([changed, buildTarget("icon-02")])));
    expect(after.entries.all[0]?.target).toBe(changed);
    expect(after.entries.all[1]).toBe(before.entries.all[1]);
  });

  test("follows a plan that is only longer, shorter or in another order", () => {
    const before = replay([planned(buildPlan([first, second]))]);
    for (const targets of [[second, first], [first], [first, second, buildTarget("icon-03")]]) {
      const after = reduce(before, planned(buildPlan(targets)));
      expect(after.entries.all.map(({ target }) => target)).toEqual(targets);
    }
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
    expect(state.entries.all.map((entry) => entry.state)).toEqual(["Unknown", "Down"]);
  });
});
