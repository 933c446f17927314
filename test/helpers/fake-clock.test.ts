import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { FakeClock } from "./fake-clock.ts";

test("FakeClock wakes sleepers in order, each at its own time, those that fall asleep on the way included", async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const woken: [string, number][] = [];
  const note = (name: string): void => {
    woken.push([name, clock.now().monoMs - start.monoMs]);
  };
  void clock.sleep(300).then(() => note("late"));
  void clock.sleep(100).then(async () => {
    note("first");
    await clock.sleep(50);
    note("again");
  });
  void clock.sleep(100).then(() => note("second"));

  await clock.advance(299);
  expect(woken).toEqual([
    ["first", 100],
    ["second", 100],
    ["again", 150],
  ]);
  await clock.advance(1);
  expect(woken.at(-1)).toEqual(["late", 300]);
  expect(clock.now()).toEqual({ unixMs: start.unixMs + 300, monoMs: start.monoMs + 300 });
  expect(clock.sleeping).toBe(0);
});

test("FakeClock.sleep() rejects with the signal's reason and leaves no listener", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const reason = new Error("enough");
  const slept = clock.sleep(10, controller.signal);
  expect(clock.nextWakeMs).toBe(10);
  controller.abort(reason);
  await expect(slept).rejects.toBe(reason);
  await expect(clock.sleep(10, controller.signal)).rejects.toBe(reason);
  expect(clock.sleeping).toBe(0);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("FakeClock.whenSleeping() waits for the condition", async () => {
  const clock = new FakeClock();
  const ready = clock.whenSleeping(1);
  const slept = clock.sleep(5);
  await ready;
  expect(clock.sleeping).toBe(1);
  await clock.advance(5);
  await expect(slept).resolves.toBeUndefined();
});

test("FakeClock.setWallClock() leaves durations alone", () => {
  const clock = new FakeClock();
  const { monoMs } = clock.now();
  clock.setWallClock(1);
  expect(clock.now()).toEqual({ unixMs: 1, monoMs });
});

test("FakeClock.jump() wakes in order those that fell due, all at the new time, and no other", async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const woken: [number, number][] = [];
  for (const ms of [300, 100, 1001]) {
    void clock.sleep(ms).then(() => woken.push([ms, clock.now().monoMs - start.monoMs]));
  }
  await clock.jump(1000);
  expect(woken).toEqual([
    [100, 1000],
    [300, 1000],
  ]);
  expect(clock.now()).toEqual({ unixMs: start.unixMs + 1000, monoMs: start.monoMs + 1000 });
  expect(clock.sleeping).toBe(1);
});
