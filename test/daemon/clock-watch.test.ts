import { expect, test } from "vitest";
import { newAccountRecords, usageOf } from "../../src/daemon/account-records.ts";
import { createClockWatch } from "../../src/daemon/clock-watch.ts";
import { NOTHING_DISCOVERED } from "../../src/domain/discovered.ts";
import type { Event } from "../../src/domain/state.ts";
import { createStore } from "../../src/poll/store.ts";
import { FakeClock } from "../helpers/fake-clock.ts";

const HOUR_MS = 3_600_000;

function subject() {
  const clock = new FakeClock();
  const events: Event[] = [];
  let polledSoon = 0;
  const records = newAccountRecords();
  const store = createStore(clock, (_before, _after, event) => events.push(event));
  const look = createClockWatch({ clock, store, records, pollSoon: () => (polledSoon += 1) });
  return { clock, events, records, look, polledSoon: () => polledSoon };
}

test("createClockWatch() is silent while both clocks run, whatever is slewed within a second", async () => {
  const it = subject();
  for (let second = 0; second < 100; second += 1) {
    await it.clock.advance(1000);
    it.clock.setWallClock(it.clock.now().unixMs + 9);
    it.look();
  }
  expect(it.events).toEqual([]);
});

test("createClockWatch() follows a slew that adds up, step by step, from the process's own start", async () => {
  const it = subject();
  const startUnixMs = it.clock.now().unixMs;
  for (let second = 0; second < 300; second += 1) {
    await it.clock.advance(1000);
    it.clock.setWallClock(it.clock.now().unixMs - 10);
    it.look();
  }
  expect(it.events).toMatchObject([
    { type: "clock-set", byMs: -1010, startUnixMs },
    { type: "clock-set", byMs: -1010, startUnixMs: startUnixMs - 1010 },
  ]);
});

test("createClockWatch() takes pauses and lists along when the clock was set", async () => {
  const it = subject();
  const start = it.clock.now();
  const usage = usageOf(it.records, "paused");
  usage.pause(start, 60_000);
  const never = usageOf(it.records, "never paused");
  const listing = {
    accountId: "",
    wanted: undefined,
    discovery: NOTHING_DISCOVERED,
    pages: 1,
    listed: start,
  };
  it.records.listings.set("a", listing);
  it.clock.setWallClock(start.unixMs - HOUR_MS);
  it.look();
  expect(usage.pausedUntil).toEqual({
    unixMs: start.unixMs - HOUR_MS + 60_000,
    monoMs: start.monoMs + 60_000,
  });
  expect(never.pausedUntil.unixMs).toBe(0);
  expect(it.records.listings.get("a")?.listed).toEqual({ ...start, unixMs: start.unixMs - HOUR_MS });
  expect(it.polledSoon()).toBe(0);
});

test("createClockWatch() has all polled when the machine stood still, and leaves past times as they were", async () => {
  const it = subject();
  const start = it.clock.now();
  const usage = usageOf(it.records, "paused");
  usage.pause(start, 60_000);
  it.clock.setWallClock(start.unixMs + HOUR_MS);
  it.look();
  it.look();
  expect(it.events).toMatchObject([{ type: "stood-still", byMs: HOUR_MS }]);
  expect(it.polledSoon()).toBe(1);
  expect(usage.pausedUntil.unixMs).toBe(start.unixMs + 60_000);
});
