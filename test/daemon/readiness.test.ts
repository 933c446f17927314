import { expect, test } from "vitest";
import { createProgress, createReadiness } from "../../src/daemon/readiness.ts";
import { createSinkLog } from "../helpers/sink-log.ts";
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
    spreadMs: () => 10_000,
  });
  expect(whyNotReady()).toBe("the interconnects of production have not been listed yet");
  awaited = [];
  expect(whyNotReady()).toBe("1 of 1 interconnects have not been polled yet, which takes about 10s more");
  state = replay([one, answer(instant(0), "Down", undefined, "production/icon-01")]);
  expect(whyNotReady()).toBeUndefined();
  state = replay([two]);
  awaited = ["lab"];
  expect(whyNotReady()).toBeUndefined();
  stopping = true;
  expect(whyNotReady()).toBe("shutting down");
});

test("the log says how far the first round is, seldom, until it is done", () => {
  const log = createSinkLog();
  let why: string | undefined = "3 of 4 interconnects have not been polled yet";
  const tell = createProgress({ whyNotReady: () => why, startMs: 1000, log });
  const told: number[] = [];
  for (let second = 0; second <= 7200; second += 1) {
    const before = log.lines.length;
    tell(1000 + second * 1000);
    if (log.lines.length > before) told.push(second);
  }
  expect(told.slice(0, 7)).toEqual([30, 60, 120, 240, 480, 960, 1560]);
  expect(log.lines[0]).toEqual({ level: "info", message: "Not ready yet", fields: { why } });
  why = undefined;
  tell(8_000_000);
  expect(log.lines).toHaveLength(told.length);
});
