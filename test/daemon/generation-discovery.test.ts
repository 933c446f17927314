import { describe, expect, test } from "vitest";
import { entryOf } from "../../src/domain/state.ts";
import {
  type GenerationSubject,
  startSubject,
  testAccount,
  testConfig,
} from "../helpers/generation-subject.ts";
import { metricOf } from "../helpers/real-subject.ts";

const INTERVAL_MS = 600_000;

function account(interconnects: number, discovery: Readonly<Record<string, unknown>> = { enabled: true }) {
  return { ...testAccount("production", interconnects), discovery };
}

function polled({ store }: GenerationSubject): string[] {
  return store.read().state.entries.all.map(({ target }) => target.interconnect);
}

describe("discovery", () => {
  test("is on by itself for an account that lists nothing, and its finds are polled within 10 s", async () => {
    const { discovery: _none, ...zeroConfig } = account(0);
    await using it = startSubject(await testConfig({ accounts: [zeroConfig] }), (api) => {
      api.listed = () => ["found-1", "found-2"];
      api.latencyMs = 100;
    });
    expect(it.generation().awaitingDiscovery()).toEqual(["production"]);
    await it.clock.advance(1000);
    expect(it.generation().awaitingDiscovery()).toEqual([]);
    expect(polled(it)).toEqual(["found-1", "found-2"]);
    await it.clock.advance(11_000);
    expect(it.store.read().state.entries.all.map(({ state }) => state)).toEqual(["Healthy", "Healthy"]);
  });

  test("adds to the listed ones, and stops no poll of theirs", async () => {
    await using it = startSubject(await testConfig({ accounts: [account(2)] }), (api) => {
      api.listed = () => ["icon-001", "found-1"];
    });
    await it.clock.advance(60_000);
    expect(polled(it)).toEqual(["icon-000", "icon-001", "found-1"]);
    const before = entryOf(it.store.read().state, "production/icon-000");
    await it.clock.advance(INTERVAL_MS);
    const after = entryOf(it.store.read().state, "production/icon-000");
    expect(after?.polls).toBe((before?.polls ?? 0) + INTERVAL_MS / 60_000);
    expect(after?.since).toEqual(before?.since);
  });

  test("lets one go at the second good list without it, and its polls with it", async () => {
    await using it = startSubject(await testConfig({ accounts: [account(0)] }), (api) => {
      api.listed = () => ["found-1", "found-2"];
    });
    await it.clock.advance(60_000);
    it.api.listed = () => ["found-1"];
    await it.clock.advance(INTERVAL_MS);
    expect(polled(it)).toEqual(["found-1", "found-2"]);
    await it.clock.advance(INTERVAL_MS);
    expect(polled(it)).toEqual(["found-1"]);
    const sent = it.api.requests.length;
    await it.clock.advance(120_000);
    const later = it.api.requests.slice(sent).map(({ interconnect }) => interconnect);
    expect(later).toContain("found-1");
    expect(later).not.toContain("found-2");
  });

  test("believes an empty list at the third, and a failed one never", async () => {
    await using it = startSubject(await testConfig({ accounts: [account(0)] }), (api) => {
      api.listed = () => ["found-1"];
    });
    await it.clock.advance(60_000);
    it.api.reply = ({ operation }) => (operation === "list" ? { fails: "forbidden" } : { state: "Healthy" });
    await it.clock.advance(3 * INTERVAL_MS);
    expect(polled(it)).toEqual(["found-1"]);
    it.api.reply = () => ({ state: "Healthy" });
    it.api.listed = () => [];
    await it.clock.advance(60_000 + INTERVAL_MS);
    expect(polled(it)).toEqual(["found-1"]);
    await it.clock.advance(INTERVAL_MS);
    expect(polled(it)).toEqual([]);
  });

  test("that fails is ended by its first attempt, counted by kind, logged once, and keeps its last success", async () => {
    const config = await testConfig({ accounts: [account(1)] });
    await using it = startSubject(config, (api) => {
      api.reply = ({ operation }) => (operation === "list" ? { fails: "tls" } : { state: "Healthy" });
    });
    await it.clock.advance(181_000);
    expect(it.generation().awaitingDiscovery()).toEqual([]);
    expect(await metricOf(it.telemetry, "discovery_failures_total", { kind: "tls" })).toBe(4);
    expect(it.generation().readAccounts()[0]?.lastDiscoveryMs).toBe(0);
    expect(
      it.log.lines.filter(({ message }) => message === "Discovery failed").map(({ level }) => level),
    ).toEqual(["warn", "debug", "debug", "debug"]);
    it.api.reply = () => ({ state: "Healthy" });
    await it.clock.advance(60_000);
    const goodMs = it.generation().readAccounts()[0]?.lastDiscoveryMs ?? 0;
    expect(it.clock.now().unixMs - goodMs).toBeLessThan(60_000);
    it.api.reply = () => ({ fails: "tls" });
    await it.clock.advance(INTERVAL_MS);
    expect(it.generation().readAccounts()[0]?.lastDiscoveryMs).toBe(goodMs);
  });

  test("that finds more than the budget can poll stretches the interval, says so, and takes it back", async () => {
    const config = await testConfig({
      poll: { interval: "30s" },
      api: { budget: 60 },
      accounts: [account(1)],
    });
    await using it = startSubject(config, (api) => {
      api.listed = () => Array.from({ length: 20 }, (_, index) => `found-${index}`);
    });
    const told = () =>
      it.log.lines
        .filter(({ message }) => message.startsWith("Poll interval changed"))
        .map(({ fields }) => [fields["in_effect"], fields["targets"]]);
    await it.clock.advance(10_000);
    expect(it.generation().readAccounts()[0]).toMatchObject({
      targets: 21,
      intervalMs: 142_000,
      configuredIntervalMs: 30_000,
    });
    expect(told()).toEqual([["2m22s", 21]]);
    it.api.listed = () => ["found-0"];
    await it.clock.advance(2 * INTERVAL_MS);
    expect(it.generation().readAccounts()[0]).toMatchObject({ targets: 2, intervalMs: 30_000 });
    expect(told()).toEqual([
      ["2m22s", 21],
      ["30s", 2],
    ]);
  });

  test("that finds so many that changes are noticed late says what to do", async () => {
    const config = await testConfig({ api: { budget: 60 }, accounts: [account(1)] });
    await using it = startSubject(config, (api) => {
      api.listed = () => Array.from({ length: 100 }, (_, index) => `found-${index}`);
    });
    await it.clock.advance(10_000);
    const told = it.log.lines.find(({ message }) => message.startsWith("Poll interval changed"));
    expect(told).toMatchObject({ level: "warn", fields: { in_effect: "11m21s" } });
    expect(told?.fields["advice"]).toMatch(/raise api\.budget/);
  });
});

describe("a reload", () => {
  test("keeps what was discovered, until its own first list and when that fails", async () => {
    const config = await testConfig({ accounts: [account(0)] });
    await using it = startSubject(config, (api) => {
      api.listed = () => ["found-1"];
    });
    await it.clock.advance(60_000);
    it.api.reply = ({ operation }) => (operation === "list" ? { fails: "network" } : { state: "Healthy" });
    await it.restart(config);
    await it.clock.advance(20_000);
    expect(polled(it)).toEqual(["found-1"]);
    expect(entryOf(it.store.read().state, "production/found-1")?.state).toBe("Healthy");
  });

  test("that excludes what was discovered lets it go at once", async () => {
    await using it = startSubject(await testConfig({ accounts: [account(1)] }), (api) => {
      api.listed = () => ["found-1", "lab-1"];
    });
    await it.clock.advance(60_000);
    await it.restart(await testConfig({ accounts: [account(1, { enabled: true, exclude: ["lab-*"] })] }));
    expect(polled(it)).toEqual(["icon-000", "found-1"]);
  });

  test("that turns discovery off lets all go that it found", async () => {
    await using it = startSubject(await testConfig({ accounts: [account(1)] }), (api) => {
      api.listed = () => ["found-1"];
    });
    await it.clock.advance(60_000);
    await it.restart(await testConfig({ accounts: [account(1, { enabled: false })] }));
    expect(polled(it)).toEqual(["icon-000"]);
    await it.clock.advance(60_000);
    expect(it.generation().readAccounts()[0]).toMatchObject({ targets: 1, lastDiscoveryMs: undefined });
  });
});
