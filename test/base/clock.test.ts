import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { monotonicUs, systemClock } from "../../src/base/clock.ts";

test("systemClock.now() reads the wall time, and durations in whole milliseconds that never fall", async () => {
  const before = Date.now();
  const first = systemClock.now();
  expect(first.unixMs).toBeGreaterThanOrEqual(before);
  expect(first.unixMs).toBeLessThanOrEqual(Date.now());
  await systemClock.sleep(2);
  const second = systemClock.now();
  expect(Number.isInteger(first.monoMs) && Number.isInteger(second.monoMs)).toBe(true);
  expect(second.monoMs).toBeGreaterThan(first.monoMs);
});

test("monotonicUs() is in microseconds on the clock of all processes of this machine", () => {
  const [before, ofMachine, after] = [monotonicUs(), process.hrtime.bigint() / 1000n, monotonicUs()];
  expect(ofMachine).toBeGreaterThanOrEqual(before);
  expect(after).toBeGreaterThanOrEqual(ofMachine);
});

test.each([0, -5])("systemClock.sleep() of %d ms resolves at once", async (ms) => {
  await expect(systemClock.sleep(ms)).resolves.toBeUndefined();
});

test("systemClock.sleep() takes a longer wait than a timer can hold, and does not fire at once", async () => {
  const controller = new AbortController();
  const long = systemClock.sleep(2 ** 40, controller.signal).then(() => "woke");
  expect(await Promise.race([long, systemClock.sleep(5).then(() => "still asleep")])).toBe("still asleep");
  controller.abort(new Error("enough"));
  await expect(long).rejects.toThrow("enough");
});

test("systemClock.sleep() rejects with the signal's own reason, before and during the wait, and leaves no listener", async () => {
  const reason = new Error("shutting down");
  const controller = new AbortController();
  const slept = systemClock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(slept).rejects.toBe(reason);
  await expect(systemClock.sleep(0, controller.signal)).rejects.toBe(reason);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("systemClock.sleep() with a signal that stays quiet resolves and leaves no listener", async () => {
  const { signal } = new AbortController();
  await systemClock.sleep(1, signal);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
