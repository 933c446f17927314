import { expect, test } from "vitest";
import { firstRoundDone, firstRoundLeftMs } from "../../src/domain/snapshot.ts";
import { EMPTY_STATE } from "../../src/domain/state.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  failure,
  instant,
  planned,
  replay,
} from "../helpers/entry-builder.ts";

test("firstRoundDone() waits for one finished poll of each interconnect, good or bad", () => {
  const start = [planned(buildPlan([buildTarget("icon-01"), buildTarget("icon-02")]))];
  const one = [...start, answer(instant(1), "Down", "", "production/icon-01")];
  const both = [...one, failure(instant(2), "timeout", "production/icon-02")];
  expect([start, one, both].map((events) => firstRoundDone(replay(events)))).toEqual([false, false, true]);
  expect(firstRoundDone(EMPTY_STATE)).toBe(true);
});

test("firstRoundDone() is false again for an interconnect that a new plan brings", () => {
  const first = buildTarget("icon-01");
  const events = [planned(buildPlan([first])), answer(instant(1), "Down", "", first.key)];
  const more = planned(buildPlan([first, buildTarget("icon-02")]), instant(2));
  expect(firstRoundDone(replay([...events, more]))).toBe(false);
});

test("firstRoundLeftMs() is the share of the spread that is not polled yet", () => {
  const names = ["icon-01", "icon-02", "icon-03", "icon-04"];
  const start = [planned(buildPlan(names.map((name) => buildTarget(name))))];
  const one = [...start, answer(instant(1), "Down", "", "production/icon-01")];
  const two = [...one, failure(instant(2), "timeout", "production/icon-03")];
  const left = [start, one, two].map((events) => firstRoundLeftMs(replay(events), 40_000));
  expect(left).toEqual([40_000, 30_000, 20_000]);
  expect(firstRoundLeftMs(EMPTY_STATE, 40_000)).toBe(0);
});
