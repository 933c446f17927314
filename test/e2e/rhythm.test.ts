import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { startDaemonProcess } from "../helpers/daemon-process.ts";
import { scrape } from "../helpers/scrape.ts";
import { untilTrue } from "../helpers/until.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";

const INTERVAL_MS = 5000;
const LATENCY_MS = 200;
const CONCURRENCY = 4;
const MINUTE_MS = 60_000;
const SITES = ["ewr", "lhr", "fra", "sin"];
const INTERCONNECTS = Array.from({ length: 40 }, (_, index) => `icon-${SITES[index % 4]}-0${index}`);

/** What the simulator saw: the first round, then a minute of steady polling. */
interface Minute {
  /** Arrival of all requests of the first round, in Unix milliseconds. */
  readonly firstRoundMs: readonly number[];
  readonly maxInFlight: number;
  /** Arrival of each interconnect's requests, in Unix milliseconds. */
  readonly startsMs: ReadonlyMap<string, readonly number[]>;
  /** Latest start of a poll, in seconds after it was due, as the daemon itself measured. */
  readonly lagSeconds: number;
}

let stop: (() => Promise<void>) | undefined;
let minute: Minute;

beforeAll(async () => {
  await using started = new AsyncDisposableStack();
  const accounts = [accountWith(INTERCONNECTS)];
  const simulator = started.use(await startSimulator({ accounts, latencyMs: LATENCY_MS }));
  const config = configFor(simulator, INTERCONNECTS, { interval: "5s", concurrency: CONCURRENCY });
  const daemon = started.use(await startDaemonProcess({ config }));
  await untilTrue("the first round", async () => (await fetch(`${daemon.origin}/-/ready`)).ok);
  const firstRoundMs = INTERCONNECTS.map(
    (name) => simulator.requests.find(({ interconnect }) => interconnect === name)?.atMs ?? 0,
  );
  // After the first round, which is spread from the start on, each keeps to its own place in the interval.
  await sleep(INTERVAL_MS);
  simulator.clearRequests();
  await sleep(MINUTE_MS);
  const startsMs = Map.groupBy(simulator.requests, ({ interconnect }) => interconnect);
  minute = {
    firstRoundMs,
    maxInFlight: simulator.maxInFlight,
    startsMs: new Map([...startsMs].map(([name, requests]) => [name, requests.map(({ atMs }) => atMs)])),
    lagSeconds: (await scrape(daemon.origin)).value("exporter_poll_lag_seconds", {}),
  };
  const running = started.move();
  stop = () => running.disposeAsync();
}, 100_000);
afterAll(() => stop?.());

/** The most of these times that lie in any window of this length. */
function mostWithin(windowMs: number, timesMs: readonly number[]): number {
  const sorted = timesMs.toSorted((a, b) => a - b);
  return Math.max(...sorted.map((from) => sorted.filter((ms) => ms >= from && ms < from + windowMs).length));
}

test("run never has more polls under way than the concurrency allows", () => {
  expect(minute.maxInFlight).toBeGreaterThan(0);
  expect(minute.maxInFlight).toBeLessThanOrEqual(CONCURRENCY);
});

test("run polls each interconnect once in each interval", () => {
  const expected = MINUTE_MS / INTERVAL_MS;
  expect([...minute.startsMs.keys()].sort()).toEqual(INTERCONNECTS.toSorted());
  for (const starts of minute.startsMs.values()) {
    expect(Math.abs(starts.length - expected)).toBeLessThanOrEqual(1);
  }
});

// A burst would start 40 polls as fast as 4 slots allow: 8 in 250 ms, 20 in a second. Spread by hash, the phases of
// these names have at most 5 in 250 ms and 12 in a second (2 and 8 on average); waiting for a slot may add one.
test("run spreads polls over the interval instead of sending them in a burst", () => {
  for (const starts of [minute.firstRoundMs, [...minute.startsMs.values()].flat()]) {
    expect(mostWithin(250, starts)).toBeLessThanOrEqual(7);
    expect(mostWithin(1000, starts)).toBeLessThanOrEqual(14);
  }
});

// Polls take 200 ms or more, so that a rhythm counted from their end would be off by over 2 s within the minute.
test("run does not drift: each interconnect keeps its place in the interval", () => {
  for (const [first = 0, ...later] of minute.startsMs.values()) {
    const offGridMs = later.map((ms) => ms - first - Math.round((ms - first) / INTERVAL_MS) * INTERVAL_MS);
    expect(Math.max(...offGridMs.map(Math.abs))).toBeLessThan(500);
    expect(Math.round(((later.at(-1) ?? 0) - first) / INTERVAL_MS)).toBe(later.length);
  }
});

test("run starts no poll noticeably later than it was due", () => {
  expect(minute.lagSeconds).toBeLessThan(1);
});

test("run holds polls back when the API is too slow for all of them", async () => {
  const slow = INTERCONNECTS.map((name) => `${name}-slow-1500`);
  await using simulator = await startSimulator({ accounts: [accountWith(slow)] });
  const config = configFor(simulator, slow, { interval: "5s", concurrency: CONCURRENCY });
  await using daemon = await startDaemonProcess({ config });
  await untilTrue("three rounds of slots", () => simulator.requests.length >= 3 * CONCURRENCY);
  expect(simulator.maxInFlight).toBe(CONCURRENCY);
  expect((await scrape(daemon.origin)).value("exporter_polls_in_flight", {})).toBe(CONCURRENCY);
});
