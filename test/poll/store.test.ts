import { expect, test } from "vitest";
import { EMPTY_STATE, reduce } from "../../src/domain/state.ts";
import { createStore } from "../../src/poll/store.ts";
import { answer, buildPlan, buildTarget, instant, planned } from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";

test("createStore() starts empty, and reads its state together with the time of reading", async () => {
  const clock = new FakeClock();
  const store = createStore(clock, () => undefined);
  const first = store.read();
  expect(first).toEqual({ state: EMPTY_STATE, now: clock.now() });
  await clock.advance(10);
  store.dispatch(planned(buildPlan([buildTarget()])));
  expect(store.read()).toMatchObject({ now: clock.now(), state: { entries: { all: [{ polls: 0 }] } } });
  expect(first.state).toBe(EMPTY_STATE);
});

test("createStore() tells the observer of each event, with the states before and after", () => {
  const seen: unknown[][] = [];
  const store = createStore(new FakeClock(), (...args) => seen.push(args));
  const events = [planned(buildPlan([buildTarget()])), answer(instant(1), "Down")];
  for (const event of events) store.dispatch(event);
  expect(seen.map(([, , event]) => event)).toEqual(events);
  expect(seen[0]?.[0]).toBe(EMPTY_STATE);
  expect(seen[1]?.[0]).toBe(seen[0]?.[1]);
  expect(seen[1]?.[1]).toBe(store.read().state);
});

test("createStore() keeps the new state even if the observer throws", () => {
  const store = createStore(new FakeClock(), () => {
    throw new Error("bug");
  });
  const event = planned(buildPlan([buildTarget()]));
  expect(() => store.dispatch(event)).toThrow("bug");
  expect(store.read().state).toEqual(reduce(EMPTY_STATE, event));
});
