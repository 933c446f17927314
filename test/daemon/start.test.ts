import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/base/random.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { startDaemon } from "../../src/daemon/start.ts";
import { createFakeApi, type FakeApi } from "../helpers/fake-api.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { testAccount, testConfig } from "../helpers/generation-subject.ts";
import { scrape } from "../helpers/scrape.ts";
import { createSinkLog } from "../helpers/sink-log.ts";
import { webOptions } from "../helpers/web-options.ts";
import { BUILD } from "../helpers/real-subject.ts";

/** A daemon that listens on a free port, its API and clock in the test's hands. */
async function start(config: Config, prepare: (api: FakeApi) => void = () => undefined) {
  const clock = new FakeClock();
  const api = createFakeApi(clock);
  prepare(api);
  const log = createSinkLog();
  let silentMs = 0;
  const daemon = await startDaemon({
    config,
    web: webOptions(),
    processMetrics: false,
    // Any reload fails.
    source: {
      file: "config.yaml",
      hash: "",
      files: [],
      secretFiles: [],
      load: async () => loadConfig("/nonexistent/config.yaml", {}),
    },
    connect: api.connect,
    build: BUILD,
    clock: {
      now() {
        const { unixMs, monoMs } = clock.now();
        return { unixMs: unixMs + silentMs, monoMs: monoMs + silentMs };
      },
      sleep: (ms, signal) => clock.sleep(ms, signal),
    },
    random: seededRandom(1),
    log,
  });
  const origin = `http://127.0.0.1:${daemon.port}`;
  return {
    clock,
    api,
    log,
    origin,
    reload: daemon.reload,
    /** Lets time go by in which nobody wakes: what a wedged scheduler looks like. */
    passSilently(ms: number): void {
      silentMs += ms;
    },
    async ask(path: string): Promise<{ readonly status: number; readonly text: string }> {
      const response = await fetch(`${origin}${path}`, { headers: { connection: "close" } });
      return { status: response.status, text: await response.text() };
    },
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
}

describe("readiness", () => {
  test("waits for the first list, then for the first polls, and says which", async () => {
    const account = { ...testAccount("production", 1), discovery: { enabled: true } };
    await using it = await start(await testConfig({ accounts: [account] }), (api) => {
      api.listed = () => ["found-1"];
      api.latencyMs = 200;
    });
    const before = await it.ask("/-/ready");
    expect(before.status).toBe(503);
    expect(before.text).toContain("the interconnects of production have not been listed yet");
    await it.clock.advance(1000);
    const between = await it.ask("/-/ready");
    expect(between.status).toBe(503);
    expect(between.text).toContain("of 2 interconnects have not been polled yet");
    await it.clock.advance(11_000);
    expect((await it.ask("/-/ready")).status).toBe(200);
    expect((await scrape(it.origin)).value("exporter_ready", {})).toBe(1);
  });

  test("comes with the first polls, whether good or bad, and with a list that failed", async () => {
    const account = { ...testAccount("production", 1), discovery: { enabled: true } };
    await using it = await start(await testConfig({ accounts: [account] }), (api) => {
      api.reply = () => ({ fails: "forbidden" });
    });
    await it.clock.advance(12_000);
    expect((await it.ask("/-/ready")).status).toBe(200);
  });
});

test("startDaemon() shows a failed reload in the very next scrape", async () => {
  await using it = await start(await testConfig({ accounts: [testAccount("production", 1)] }));
  const successful = async (): Promise<number> =>
    (await scrape(it.origin)).value("exporter_config_last_reload_successful", {});
  expect(await successful()).toBe(1);
  await it.reload("SIGHUP");
  expect(await successful()).toBe(0);
});

test("startDaemon() logs the edges of states and of polls, each once, and shows them at /metrics", async () => {
  const config = await testConfig({
    poll: { interval: "10s" },
    accounts: [testAccount("production", 2)],
  });
  await using it = await start(config, (api) => {
    api.reply = ({ interconnect }) => (interconnect === "icon-001" ? { state: "Down" } : { fails: "tls" });
  });
  await it.clock.advance(60_000);
  const lines = it.log.lines.filter(({ level }) => level === "warn");
  expect(
    lines.map(({ message, fields }) => `${String(fields["interconnect"])}: ${message}`).toSorted(),
  ).toEqual(["icon-000: Poll failed", "icon-001: Interconnect changed state"]);
  const metrics = await scrape(it.origin, "openmetrics");
  expect(metrics.stateOf("icon-001")).toBe("Down");
  expect(metrics.reasonOf("icon-000")).toMatchObject({ reason_class: "tls" });
});

test("startDaemon() is healthy while its scheduler turns, and not once that has been silent for 30 s", async () => {
  await using it = await start(await testConfig({ accounts: [testAccount("production", 1)] }));
  await it.clock.advance(5000);
  expect((await it.ask("/-/healthy")).status).toBe(200);
  it.passSilently(29_000);
  expect((await it.ask("/-/healthy")).status).toBe(200);
  it.passSilently(2000);
  expect((await it.ask("/-/healthy")).status).toBe(503);
});

test("startDaemon() rejects when it cannot listen, and has asked nothing then", async () => {
  const config = await testConfig({ accounts: [testAccount("production", 1)] });
  await using taken = await start(config);
  const clock = new FakeClock();
  const api = createFakeApi(clock);
  const port = Number(new URL(taken.origin).port);
  const failing = startDaemon({
    config,
    web: webOptions(port),
    processMetrics: true,
    connect: api.connect,
    build: BUILD,
    clock,
    random: seededRandom(1),
    log: createSinkLog(),
  });
  await expect(failing).rejects.toThrow(`Cannot listen on 127.0.0.1:${port}: the port is taken`);
  expect(api.requests).toEqual([]);
  expect(clock.sleeping).toBe(0);
});

test("a daemon that is disposed of aborts its polls, serves no more and leaves no timer", async () => {
  const it = await start(await testConfig({ accounts: [testAccount("production", 3)] }), (api) => {
    api.reply = () => "hang";
  });
  await it.clock.advance(5000);
  await it[Symbol.asyncDispose]();
  expect(it.clock.sleeping).toBe(0);
  await expect(it.ask("/-/ready")).rejects.toThrow("fetch failed");
  expect(it.log.lines.filter(({ message }) => message === "Poll failed")).toEqual([]);
});

test("startDaemon() on a machine that slept polls all again at once, and is Unknown half a minute later without an answer", async () => {
  const HOURS_MS = 3 * 3_600_000;
  const config = await testConfig({ accounts: [testAccount("production", 20)] });
  let isAway = false;
  let asked = 0;
  await using it = await start(config, (api) => {
    api.reply = () => {
      asked += 1;
      return isAway ? { fails: "network" } : { state: "Healthy" };
    };
  });
  await it.clock.advance(120_000);
  asked = 0;
  it.clock.setWallClock(it.clock.now().unixMs + HOURS_MS);
  await it.clock.advance(11_000);
  expect(asked).toBeGreaterThanOrEqual(20);
  expect((await scrape(it.origin)).stateOf("icon-001")).toBe("Healthy");

  isAway = true;
  it.clock.setWallClock(it.clock.now().unixMs + HOURS_MS);
  await it.clock.advance(25_000);
  expect((await scrape(it.origin)).stateOf("icon-001")).toBe("Healthy");
  await it.clock.advance(7000);
  expect((await scrape(it.origin)).stateOf("icon-001")).toBe("Unknown");
  expect(it.log.lines.filter(({ message }) => message.startsWith("The machine stood still"))).toHaveLength(2);
});
