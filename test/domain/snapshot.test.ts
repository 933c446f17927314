import { expect, test } from "vitest";
import { firstRoundDone } from "../../src/domain/snapshot.ts";
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
