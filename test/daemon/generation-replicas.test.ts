import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import { CLOUDFLARE_LIMIT } from "../../src/base/cloudflare-limit.ts";
import { busiestWindow, type Reply, type SentRequest } from "../helpers/fake-api.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import {
  type GenerationSubject,
  startSubject,
  testAccount,
  testConfig,
} from "../helpers/generation-subject.ts";

const MINUTE_MS = 60_000;
const INTERVAL_MS = 60_000;

interface Pair extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly replicas: readonly GenerationSubject[];
  /** What both sent, in order and by one clock. */
  readonly requests: () => readonly SentRequest[];
}

/** Two replicas against one API, on machines that have been up for different times. */
async function startPair(settings: Readonly<Record<string, unknown>>): Promise<Pair> {
  const config = await testConfig(settings);
  const clock = new FakeClock();
  const replicas = [0, 1].map((at) =>
    startSubject(config, undefined, clock, {
      replica: { index: at + 1, count: 2 },
      ownClock: upFor(clock, at * 1_234_567),
    }),
  );
  return {
    clock,
    replicas,
    requests: () => replicas.flatMap(({ api }) => api.requests).toSorted((a, b) => a.atMs - b.atMs),
    async [Symbol.asyncDispose]() {
      await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()));
    },
  };
}

/** The same clock on a machine that started so much earlier. */
function upFor(clock: Clock, earlierMs: number): Clock {
  return {
    now() {
      const { unixMs, monoMs } = clock.now();
      return { unixMs, monoMs: monoMs + earlierMs };
    },
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}

/** The gaps between polls of one interconnect, whoever polled it. */
function gapsOf(requests: readonly SentRequest[], interconnect: string): readonly number[] {
  const timesMs = requests.filter((request) => request.interconnect === interconnect).map(({ atMs }) => atMs);
  return timesMs.slice(1).map((atMs, index) => atMs - (timesMs[index] ?? 0));
}

describe("two replicas", () => {
  test("poll each interconnect half an interval apart, so that a change is noticed in half the time", async () => {
    await using pair = await startPair({ accounts: [testAccount("production", 20)] });
    await pair.clock.advance(5 * MINUTE_MS);
    const from = pair.requests().length;
    await pair.clock.advance(10 * MINUTE_MS);
    for (let index = 0; index < 20; index += 1) {
      const name = `icon-${String(index).padStart(3, "0")}`;
      const gaps = gapsOf(pair.requests().slice(from), name);
      expect(gaps.length).toBeGreaterThanOrEqual(18);
      // A slot may wait for the turn of the budget's pace, a second.
      for (const gap of gaps) expect(Math.abs(gap - INTERVAL_MS / 2)).toBeLessThanOrEqual(2000);
    }
  });

  test("take turns at one that is Down too, every 7.5 s", async () => {
    await using pair = await startPair({ accounts: [testAccount("production", 2)] });
    for (const { api } of pair.replicas) api.reply = () => ({ state: "Down" });
    await pair.clock.advance(3 * MINUTE_MS);
    const from = pair.requests().length;
    await pair.clock.advance(5 * MINUTE_MS);
    const gaps = gapsOf(pair.requests().slice(from), "icon-001");
    expect(gaps.length).toBeGreaterThanOrEqual(38);
    for (const gap of gaps) expect(Math.abs(gap - 7500)).toBeLessThanOrEqual(2000);
  });

  test("find each other again after the wall clock of both was set", async () => {
    await using pair = await startPair({ accounts: [testAccount("production", 4)] });
    await pair.clock.advance(5 * MINUTE_MS);
    pair.clock.setWallClock(pair.clock.now().unixMs + 17_000);
    await pair.clock.advance(3 * MINUTE_MS);
    const from = pair.requests().length;
    await pair.clock.advance(5 * MINUTE_MS);
    for (const gap of gapsOf(pair.requests().slice(from), "icon-001"))
      expect(Math.abs(gap - INTERVAL_MS / 2)).toBeLessThanOrEqual(2000);
  });

  test("stay within one budget in any 5 minutes: polls, attention, retries, lists and token checks together", async () => {
    await using pair = await startPair({
      poll: { interval: "30s" },
      api: { budget: 200 },
      accounts: [
        { ...testAccount("east", 40, "one"), discovery: { enabled: true, interval: "2m" } },
        testAccount("west", 40, "one"),
      ],
    });
    let count = 0;
    for (const { api } of pair.replicas) {
      api.listed = () => ["icon-100", "icon-101"];
      api.reply = ({ operation }): Reply => {
        count += 1;
        if (operation !== "status") return { state: "" };
        if (count % 3 === 0) return { fails: "server_error" };
        return { state: count % 5 === 0 ? "Down" : "Healthy" };
      };
    }
    await pair.clock.advance(40 * MINUTE_MS);
    const busiest = busiestWindow(pair.requests(), CLOUDFLARE_LIMIT.windowMs);
    expect(busiest).toBeLessThanOrEqual(200);
    expect(busiest).toBeGreaterThan(180);
    for (const { api, generation } of pair.replicas) {
      expect(busiestWindow(api.requests, CLOUDFLARE_LIMIT.windowMs)).toBeLessThanOrEqual(100);
      expect(generation().readAccounts()[0]).toMatchObject({ budget: 100 });
    }
  }, 60_000);

  test("are silent after a 429 each for itself, having asked once more at most", async () => {
    await using pair = await startPair({ accounts: [testAccount("production", 10)] });
    await pair.clock.advance(5 * MINUTE_MS);
    for (const { api } of pair.replicas) api.reply = () => ({ fails: "rate_limited", retryAfterMs: 120_000 });
    const from = pair.requests().length;
    await pair.clock.advance(100_000);
    const asked = pair.replicas.map(({ generation }) => generation().readAccounts()[0]?.pausedUntilMs ?? 0);
    for (const untilMs of asked) expect(untilMs).toBeGreaterThan(pair.clock.now().unixMs);
    expect(pair.requests().length - from).toBe(2);
  });

  test("go on alone when the other one is gone, without more than their own part", async () => {
    await using pair = await startPair({
      poll: { interval: "10s" },
      accounts: [testAccount("production", 60)],
    });
    await pair.clock.advance(10 * MINUTE_MS);
    await pair.replicas[0]?.[Symbol.asyncDispose]();
    const from = pair.requests().length;
    await pair.clock.advance(10 * MINUTE_MS);
    const rest = pair.requests().slice(from);
    expect(new Set(rest.map(({ interconnect }) => interconnect)).size).toBe(60);
    expect(busiestWindow(rest, CLOUDFLARE_LIMIT.windowMs)).toBeLessThanOrEqual(300);
  });
});
