import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { startGenerations } from "../../src/daemon/generations.ts";
import { entryOf } from "../../src/domain/state.ts";
import { CLOUDFLARE_LIMIT } from "../../src/base/cloudflare-limit.ts";
import { busiestWindow } from "../helpers/fake-api.ts";
import {
  type GenerationSubject,
  startSubject,
  testAccount,
  testConfig,
} from "../helpers/generation-subject.ts";

const MINUTE_MS = 60_000;

function entryIn(subject: GenerationSubject, key: string) {
  const entry = entryOf(subject.store.read().state, key);
  if (entry === undefined) throw new Error(`Expected an entry of ${key}`);
  return entry;
}

const rowsOf = async ({ telemetry }: GenerationSubject, name: string): Promise<readonly string[]> => {
  const metric = telemetry.registry.getSingleMetric(`cloudflare_interconnect_exporter_${name}`);
  return (await metric?.get())?.values.map(({ labels }) => String(labels["account"])) ?? [];
};

const listingAccount = (discovery: object) => ({
  ...testAccount("a", 0),
  discovery: { enabled: true, ...discovery },
});

const withReasons = (reasons: object): Promise<Config> =>
  testConfig({ reasons, accounts: [testAccount("a", 1)] });

const withAccounts = (...names: string[]): Promise<Config> =>
  testConfig({ accounts: names.map((name) => testAccount(name, 1)) });

const withToken = (token: string): Promise<Config> =>
  testConfig({ poll: { interval: "10s" }, api: { budget: 60 }, accounts: [testAccount("a", 30, token)] });

describe("a generation that takes the place of another", () => {
  test("keeps the entries of interconnects that stay, drops those that go, and polls new ones soon", async () => {
    await using subject = startSubject(await testConfig({ accounts: [testAccount("production", 3)] }));
    const { clock } = subject;
    await clock.advance(10 * MINUTE_MS);
    const before = entryIn(subject, "production/icon-001");
    const account = { ...testAccount("production", 0), interconnects: ["icon-001", "icon-new"] };
    await subject.restart(await testConfig({ accounts: [account] }));
    expect(subject.store.read().state.entries.all.map(({ target }) => target.interconnect)).toEqual([
      "icon-001",
      "icon-new",
    ]);
    expect(entryIn(subject, "production/icon-001")).toEqual(before);
    await clock.advance(10_000);
    expect(entryIn(subject, "production/icon-new").polls).toBe(1);
  });

  test("keeps the rhythm of those that stay, however often it is replaced", async () => {
    const config = await testConfig({ poll: { attention_interval: "0s" }, accounts: [testAccount("a", 20)] });
    await using subject = startSubject(config);
    const { clock, api } = subject;
    for (let count = 0; count < 100; count += 1) {
      await clock.advance(6000);
      await subject.restart(config);
    }
    await clock.advance(1000);
    const { entries } = subject.store.read().state;
    // Ten minutes hold the first round and ten slots.
    expect(Math.min(...entries.all.map(({ polls }) => polls))).toBeGreaterThanOrEqual(10);
    expect(Math.max(...entries.all.map(({ polls }) => polls))).toBeLessThanOrEqual(12);
    expect(api.requests.filter(({ operation }) => operation === "verify")).toHaveLength(1);
  });

  test("lists no more often than the interval says, unless the filters change", async () => {
    const config = await testConfig({ accounts: [listingAccount({})] });
    await using subject = startSubject(config, (api) => {
      api.listed = () => ["icon-1", "lab-1"];
    });
    const { clock, api } = subject;
    const lists = (): number => api.requests.filter(({ operation }) => operation === "list").length;
    await clock.advance(MINUTE_MS);
    for (let count = 0; count < 5; count += 1) await subject.restart(config);
    expect(subject.generation().awaitingDiscovery()).toEqual([]);
    expect(subject.generation().readAccounts()[0]).toMatchObject({ targets: 2 });
    expect(subject.generation().readAccounts()[0]?.lastDiscoveryMs).toBeGreaterThan(0);
    await clock.advance(MINUTE_MS);
    expect(lists()).toBe(1);

    await subject.restart(await testConfig({ accounts: [listingAccount({ exclude: ["lab-*"] })] }));
    expect(subject.store.read().state.entries.all.map(({ target }) => target.interconnect)).toEqual([
      "icon-1",
    ]);
    await clock.advance(MINUTE_MS);
    expect(lists()).toBe(2);
    await clock.advance(10 * MINUTE_MS);
    expect(lists()).toBe(3);

    const listed = { ...listingAccount({}), interconnects: ["icon-9"], discovery: { enabled: false } };
    await subject.restart(await testConfig({ accounts: [listed] }));
    expect(subject.store.read().state.entries.all.map(({ target }) => target.interconnect)).toEqual([
      "icon-9",
    ]);
    expect(subject.generation().readAccounts()[0]?.lastDiscoveryMs).toBeUndefined();
  });

  test("goes by the new rules for reasons at each next poll", async () => {
    await using subject = startSubject(await withReasons({}), (api) => {
      api.reply = () => ({ state: "Odd" });
    });
    await subject.clock.advance(MINUTE_MS);
    expect(entryIn(subject, "a/icon-000").reason.label.text).not.toBe("");
    await subject.restart(await withReasons({ label: "class" }));
    await subject.clock.advance(MINUTE_MS);
    expect(entryIn(subject, "a/icon-000").reason.label).toEqual({ text: "", class: "unknown_state" });
  });

  test("ends the rows of accounts that are gone, and goes on counting for the others", async () => {
    await using subject = startSubject(await withAccounts("a", "b"), (api) => {
      api.reply = () => ({ fails: "forbidden" });
    });
    await subject.clock.advance(MINUTE_MS);
    for (const [name, code] of [
      ["a", 403],
      ["b", 500],
    ] as const) {
      subject.telemetry.observeRequest({
        operation: "status",
        account: name,
        code,
        durationMs: 1,
        rateLimitRemaining: 9,
      });
    }
    await subject.restart(await withAccounts("a", "c"));
    const names = [
      "poll_failures_total",
      "discovery_failures_total",
      "api_requests_total",
      "api_retries_total",
    ];
    for (const name of [...names, "unknown_states_total"]) {
      expect(new Set(await rowsOf(subject, name))).toEqual(new Set(["a", "c"]));
    }
    expect(await rowsOf(subject, "api_ratelimit_remaining_requests")).toEqual(["a"]);
    const metric = subject.telemetry.registry.getSingleMetric(
      "cloudflare_interconnect_exporter_api_requests_total",
    );
    const kept = (await metric?.get())?.values.find(({ labels }) => labels["code"] === "403");
    expect(kept?.value).toBe(1);
  });

  test("holds the budget of a user whose token is rotated every minute", async () => {
    await using subject = startSubject(await withToken("token"));
    for (let count = 0; count < 15; count += 1) {
      await subject.clock.advance(MINUTE_MS);
      await subject.restart(await withToken(`token-${count % 4}`));
    }
    expect(busiestWindow(subject.api.requests, CLOUDFLARE_LIMIT.windowMs)).toBeLessThanOrEqual(60);
    expect(subject.records.usages.size).toBe(1);
  });
});

describe("startGenerations()", () => {
  test("replaces nothing when the next one cannot connect, and ends the one that runs", async () => {
    const config = await testConfig({ accounts: [testAccount("a", 5)] });
    const other = await testConfig({ accounts: [testAccount("a", 6)] });
    const log: string[] = [];
    const generations = startGenerations({
      config,
      connect: () => {
        throw new Error("Expected a start without a connection");
      },
      observe: () => undefined,
      start: (current) => {
        const name = current === config ? "first" : "second";
        log.push(`${name} starts`);
        return {
          readAccounts: () => [],
          pollSoon: () => undefined,
          awaitingDiscovery: () => [],
          spreadMs: () => 0,
          async [Symbol.asyncDispose]() {
            await Promise.resolve();
            log.push(`${name} ended`);
          },
        };
      },
    });
    // What cannot be connected replaces nothing.
    await expect(generations.replace(other)).rejects.toThrow("without a connection");
    expect([generations.config(), log]).toEqual([config, ["first starts"]]);
    await generations[Symbol.asyncDispose]();
    expect(log).toEqual(["first starts", "first ended"]);
  });

  test("never polls an interconnect twice at once, and aborts what hangs", async () => {
    const config = await testConfig({ poll: { timeout: "60s" }, accounts: [testAccount("a", 4)] });
    const inFlight = new Set<string>();
    const overlaps: string[] = [];
    let sent = 0;
    await using subject = startSubject(config, (api) => {
      api.reply = () => "hang";
    });
    const generations = startGenerations({
      config,
      connect(current, observe) {
        const client = subject.api.connect(current, observe);
        return {
          ...client,
          async getStatus(request, signal) {
            if (inFlight.has(request.interconnect)) overlaps.push(request.interconnect);
            inFlight.add(request.interconnect);
            sent += 1;
            try {
              return await client.getStatus(request, signal);
            } finally {
              // The end of a request is not at once when it is aborted.
              await Promise.resolve();
              inFlight.delete(request.interconnect);
            }
          },
        };
      },
      observe: () => undefined,
      start: (current, connect) => subject.startWith(current, connect),
    });
    await subject.generation()[Symbol.asyncDispose]();
    for (let count = 0; count < 20; count += 1) {
      await subject.clock.advance(11_000);
      await generations.replace(config);
    }
    await generations[Symbol.asyncDispose]();
    expect(sent).toBeGreaterThan(40);
    expect([overlaps, inFlight.size, subject.clock.sleeping]).toEqual([[], 0, 0]);
    // Aborted polls count as none.
    expect(subject.store.read().state.entries.all.map(({ polls }) => polls)).toEqual([0, 0, 0, 0]);
  });

  test("starts the one before anew when the next one cannot start, whose client it closes", async () => {
    const config = await testConfig({ accounts: [testAccount("a", 1)] });
    const broken = await testConfig({ accounts: [testAccount("a", 2)] });
    await using subject = startSubject(config);
    const closed: Config[] = [];
    await using generations = startGenerations({
      config,
      connect: (wanted, observe) => ({
        ...subject.api.connect(wanted, observe),
        async [Symbol.asyncDispose]() {
          closed.push(wanted);
        },
      }),
      observe: () => undefined,
      start(current, connect) {
        if (current === broken) throw new Error("bug");
        return subject.startWith(current, connect);
      },
    });
    const { current } = generations;
    const first = current();
    await expect(generations.replace(broken)).rejects.toThrow("bug");
    expect(current()).not.toBe(first);
    expect([generations.config(), current().readAccounts()[0]?.targets]).toEqual([config, 1]);
    expect(closed).toEqual([config, broken]);
  });
});
