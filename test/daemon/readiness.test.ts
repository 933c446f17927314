import { expect, test } from "vitest";
import { createReadiness } from "../../src/daemon/readiness.ts";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../helpers/entry-builder.ts";

test("an exporter is ready from its first round on, whatever is added later, until it stops", () => {
  const one = planned(buildPlan([buildTarget("icon-01")]));
  const two = planned(buildPlan([buildTarget("icon-01"), buildTarget("icon-02")]));
  let state = replay([one]);
  let awaited = ["production"];
  let stopping = false;
  const whyNotReady = createReadiness({
    isStopping: () => stopping,
    awaitedLists: () => awaited,
    read: () => ({ state, now: instant(0) }),
  });
  expect(whyNotReady()).toBe("the interconnects of production have not been listed yet");
  awaited = [];
  expect(whyNotReady()).toBe("1 of 1 interconnects have not been polled yet");
  state = replay([one, answer(instant(0), "Down", undefined, "production/icon-01")]);
  expect(whyNotReady()).toBeUndefined();
  state = replay([two]);
  awaited = ["lab"];
  expect(whyNotReady()).toBeUndefined();
  stopping = true;
  expect(whyNotReady()).toBe("shutting down");
});
