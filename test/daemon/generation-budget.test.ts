import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLOUDFLARE_LIMIT } from "../../src/base/cloudflare-limit.ts";
import type { FailureKind } from "../../src/domain/failure.ts";
import { type SentRequest, busiestWindow, type Reply } from "../helpers/fake-api.ts";
import { startSubject, testAccount, testConfig } from "../helpers/generation-subject.ts";

const MINUTE_MS = 60_000;

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

const polls = (requests: readonly SentRequest[]): SentRequest[] =>
  requests.filter(({ operation }) => operation === "status");

describe("the budget", () => {
  test("holds for 300 interconnects every 30 s, all of them polled evenly, those in trouble first", async () => {
    const config = await testConfig({
      poll: { interval: "30s" },
      api: { budget: 600 },
      accounts: [testAccount("production", 300)],
    });
    await using subject = startSubject(config);
    const { api, clock } = subject;
    const down = new Set(["icon-007", "icon-042", "icon-100", "icon-200", "icon-299"]);
    await clock.advance(20 * MINUTE_MS);
    const [reading] = subject.generation().readAccounts();
    expect(reading).toMatchObject({
      intervalMs: 200_000,
      configuredIntervalMs: 30_000,
      staleAfterMs: 600_000,
    });

    api.reply = ({ interconnect }) => ({ state: down.has(interconnect) ? "Down" : "Healthy" });
    await clock.advance(10 * MINUTE_MS);
    const from = clock.now().monoMs;
    await clock.advance(40 * MINUTE_MS);

    expect(busiestWindow(api.requests, CLOUDFLARE_LIMIT.windowMs)).toBeLessThanOrEqual(600);
    const counts = countBy(
      polls(api.requests).filter(({ atMs }) => atMs >= from),
      ({ interconnect }) => interconnect,
    );
    const calm = [...counts].filter(([name]) => !down.has(name)).map(([, count]) => count);
    const watched = [...counts].filter(([name]) => down.has(name)).map(([, count]) => count);
    expect(calm).toHaveLength(295);
    // 40 minutes hold 12 intervals of 200 s, and 160 of the attention rhythm's 15 s.
    expect([Math.min(...calm), Math.max(...calm)]).toEqual([12, 12]);
    expect(Math.min(...watched)).toBeGreaterThanOrEqual(155);
    expect(
      subject.log.lines.filter(({ message }) => message.startsWith("Poll interval changed")),
    ).toHaveLength(1);
  }, 60_000);

  test("holds whatever mix of failures, retries, discovery and reloads happens", async () => {
    const kinds: readonly FailureKind[] = [
      "network",
      "server_error",
      "unauthorized",
      "forbidden",
      "not_found",
      "rate_limited",
      "invalid_response",
    ];
    const reply: fc.Arbitrary<Reply> = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom<Reply>({ state: "Healthy" }, { state: "Down" }, { state: "Degraded" }),
      },
      { weight: 4, arbitrary: fc.record({ fails: fc.constantFrom(...kinds) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          fails: fc.constant<FailureKind>("rate_limited"),
          retryAfterMs: fc.integer({ min: 0, max: 400_000 }),
        }),
      },
      { weight: 1, arbitrary: fc.constant<Reply>("hang") },
    );
    const phase = fc.record({
      lastsMs: fc.integer({ min: 1000, max: 4 * MINUTE_MS }),
      replies: fc.array(reply, { minLength: 1, maxLength: 3 }),
      reloads: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(phase, { minLength: 3, maxLength: 8 }),
        fc.integer({ min: 50, max: 300 }),
        async (phases, budget) => {
          const settings = {
            poll: { interval: "5s", timeout: "4s", retries: 2 },
            api: { budget },
            accounts: [
              { ...testAccount("east", 20, "one-token"), discovery: { enabled: true, interval: "20s" } },
              testAccount("west", 20, "one-token"),
            ],
          };
          const config = await testConfig(settings);
          await using subject = startSubject(config, (api) => {
            api.listed = () => ["found-1", "found-2", "found-3"];
          });
          const { api, clock } = subject;
          for (const { lastsMs, replies, reloads } of phases) {
            let count = 0;
            api.reply = () => replies[(count += 1) % replies.length] ?? "hang";
            if (reloads) await subject.restart(config);
            await clock.advance(lastsMs);
          }
          expect(busiestWindow(api.requests, CLOUDFLARE_LIMIT.windowMs)).toBeLessThanOrEqual(budget);
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);
});

describe("a 429", () => {
  test.each([
    { asked: "for 120 s", retryAfterMs: 120_000, quietMs: 120_000 },
    { asked: "without saying how long", retryAfterMs: undefined, quietMs: 300_000 },
  ])("$asked silences its credential until then, and no other", async ({ retryAfterMs, quietMs }) => {
    const config = await testConfig({
      poll: { interval: "30s" },
      accounts: [testAccount("limited", 30), testAccount("free", 30)],
    });
    await using subject = startSubject(config);
    const { api, clock, store } = subject;
    await clock.advance(5 * MINUTE_MS);
    let limited = 0;
    api.reply = ({ account }) => {
      if (account !== "limited" || limited > 0) return { state: "Healthy" };
      limited = clock.now().monoMs;
      return { fails: "rate_limited", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    };
    await clock.advance(10 * MINUTE_MS);

    const of = (account: string, fromMs: number, toMs: number): SentRequest[] =>
      api.requests.filter(
        (request) =>
          request.account === account && request.atMs > limited + fromMs && request.atMs < limited + toMs,
      );
    expect(limited).toBeGreaterThan(0);
    expect(of("limited", 0, quietMs)).toEqual([]);
    expect(of("free", 0, quietMs).length).toBe(quietMs / 1000);
    // Back within an interval, each once, and not all at once.
    const back = of("limited", quietMs - 1, quietMs + 30_000);
    expect(back).toHaveLength(30);
    expect(busiestWindow(back, 1000)).toBeLessThanOrEqual(6);
    const failed = store.read().state.entries.all.map(({ failures }) => failures.rate_limited ?? 0);
    expect(failed.slice(0, 30).every((count) => count >= quietMs / 30_000)).toBe(true);
    expect(failed.slice(30)).toEqual(Array.from({ length: 30 }, () => 0));
  });
});

describe("an account that hangs", () => {
  test("makes no poll of another account late", async () => {
    const config = await testConfig({
      poll: { interval: "30s", timeout: "10s", concurrency: 4 },
      api: { budget: 1200 },
      accounts: [testAccount("hanging", 40), testAccount("brisk", 40)],
    });
    await using subject = startSubject(config, (fake) => {
      fake.latencyMs = 50;
      fake.reply = ({ account }) => (account === "hanging" ? "hang" : { state: "Healthy" });
    });
    const { api, clock } = subject;
    await clock.advance(2 * MINUTE_MS);
    const before = clock.now().monoMs;
    await clock.advance(10 * MINUTE_MS);
    const starts = polls(api.requests).filter(({ account, atMs }) => account === "brisk" && atMs >= before);
    const slots = Map.groupBy(starts, ({ interconnect }) => interconnect);
    expect(slots.size).toBe(40);
    for (const each of slots.values()) {
      const offsets = each.map(({ atMs }) => atMs % 30_000);
      // At most one request of 50 ms, or one turn of the budget's pace (250 ms), between the slot and the start.
      expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThanOrEqual(300);
      expect(each.length).toBe(20);
    }
  });
});

describe("a refused credential", () => {
  test("is probed once per interval after three rounds, and trusted again at the first success", async () => {
    const config = await testConfig({ poll: { interval: "30s" }, accounts: [testAccount("production", 10)] });
    await using subject = startSubject(config);
    const { api, clock, store } = subject;
    api.reply = () => ({ fails: "forbidden" });
    await clock.advance(5 * MINUTE_MS);
    const refusedAt = clock.now().monoMs;
    await clock.advance(5 * MINUTE_MS);
    const probes = polls(api.requests).filter(({ atMs }) => atMs >= refusedAt);
    expect(probes.length).toBeGreaterThanOrEqual(8);
    expect(probes.length).toBeLessThanOrEqual(11);
    // Polls that were not sent count as failed, with the kind of the last answer.
    expect(store.read().state.entries.all.every(({ failures }) => (failures.forbidden ?? 0) >= 18)).toBe(
      true,
    );

    api.reply = () => ({ state: "Healthy" });
    await clock.advance(90_000);
    expect(store.read().state.entries.all.map(({ state }) => state)).toEqual(
      Array.from({ length: 10 }, () => "Healthy"),
    );
  });

  test("is not suspected for one stray refusal", async () => {
    const config = await testConfig({ poll: { interval: "30s" }, accounts: [testAccount("production", 10)] });
    await using subject = startSubject(config);
    let count = 0;
    subject.api.reply = () => ((count += 1) % 7 === 0 ? { fails: "unauthorized" } : { state: "Healthy" });
    await subject.clock.advance(10 * MINUTE_MS);
    expect(polls(subject.api.requests).length).toBeGreaterThanOrEqual(200);
  });
});
