import { readdirSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { type DaemonProcess, startCommand, startDaemonProcess } from "../helpers/daemon-process.ts";
import { scrape } from "../helpers/scrape.ts";
import { untilTrue } from "../helpers/until.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";

const NAMES = ["icon-1", "icon-2", "icon-3", "icon-4", "icon-5"];
const EXTRA = "icon-extra";
const RELOADS = 200;
const SCRAPE_EVERY_MS = 20;
const POLL = { interval: "1s", timeout: "1s", retries: 0 };

const reload = ({ origin }: DaemonProcess): Promise<Response> =>
  fetch(`${origin}/-/reload`, { method: "POST" });

/** Replaces the config at once, as an editor or a deployment does. */
async function configure({ folder }: DaemonProcess, config: unknown): Promise<void> {
  const path = join(folder, "config.yaml");
  await writeFile(`${path}.new`, typeof config === "string" ? config : JSON.stringify(config));
  await rename(`${path}.new`, path);
}

/** Counters of interconnects that stay and of the account, by their row. */
function countersIn(text: string): ReadonlyMap<string, number> {
  const rows = text.matchAll(/^(?<row>cloudflare_interconnect_\w+_total\{[^}]*\}) (?<value>\S+)$/gm);
  return new Map(
    [...rows]
      .map(({ groups }) => [groups?.["row"] ?? "", Number(groups?.["value"])] as const)
      .filter(([row]) => !row.includes(EXTRA)),
  );
}

/** Scrapes at its rhythm until told to stop; what failed or fell is in `faults`. */
function startScraping(origin: string) {
  const stop = new AbortController();
  const faults: string[] = [];
  let scrapes = 0;
  let last: ReadonlyMap<string, number> = new Map();
  async function once(): Promise<void> {
    const response = await fetch(`${origin}/metrics`);
    const text = await response.text();
    if (!response.ok) faults.push(`HTTP ${response.status}`);
    const counters = countersIn(text);
    for (const [row, value] of last) {
      const now = counters.get(row);
      if (now === undefined || now < value) faults.push(`${row} was ${value}, is ${now}`);
    }
    last = counters;
    scrapes += 1;
  }
  async function scrapeOn(): Promise<void> {
    while (!stop.signal.aborted) {
      await once().catch((error: unknown) => faults.push(String(error)));
      await sleep(SCRAPE_EVERY_MS);
    }
  }
  const done = scrapeOn();
  return {
    faults,
    scrapes: () => scrapes,
    async stop() {
      stop.abort();
      await done;
    },
  };
}

test(`${RELOADS} reloads, good and bad ones, lose no scrape, no counter and no handle`, async () => {
  await using simulator = await startSimulator({ accounts: [accountWith([...NAMES, EXTRA])] });
  const inFlight = new Map<string, number>();
  const overlaps: string[] = [];
  simulator.override({ operation: "status" }, async ({ interconnect, signal }) => {
    const count = (inFlight.get(interconnect) ?? 0) + 1;
    inFlight.set(interconnect, count);
    if (count > 1) overlaps.push(interconnect);
    await sleep(30, undefined, { signal }).catch(() => undefined);
    inFlight.set(interconnect, (inFlight.get(interconnect) ?? 0) - 1);
    return undefined;
  });
  const plain = configFor(simulator, NAMES, POLL);
  await using daemon = await startDaemonProcess({
    config: plain,
    args: ["--web.enable-lifecycle", "--config.auto-reload", "--storage.path=state"],
  });
  const descriptors = (): number => readdirSync(`/proc/${daemon.pid}/fd`).length;
  async function handles(): Promise<Record<string, number>> {
    const { text } = await scrape(daemon.origin);
    const values = text.matchAll(
      /^nodejs_active_(?:handles|resources)\{type="(?<type>\w+)"\} (?<value>\d+)$/gm,
    );
    return Object.fromEntries(
      [...values].map(({ groups }) => [groups?.["type"] ?? "", Number(groups?.["value"])]),
    );
  }
  const scraping = startScraping(daemon.origin);
  await untilTrue("a first round", async () => (await fetch(`${daemon.origin}/-/ready`)).ok);
  await sleep(1000);
  const before = { descriptors: descriptors(), handles: await handles() };

  const outcomes: number[] = [];
  for (let count = 0; count < RELOADS; count += 1) {
    const kind = count % 4;
    if (kind === 0) await configure(daemon, configFor(simulator, [...NAMES, EXTRA], POLL));
    else if (kind === 1) await configure(daemon, "accounts: [oops");
    else if (kind === 2) await configure(daemon, plain);
    if (count % 10 === 9) daemon.kill("SIGHUP");
    outcomes.push((await reload(daemon)).status);
  }
  await untilTrue("polls to go on", async () => {
    const { value } = await scrape(daemon.origin);
    return value("exporter_polls_in_flight", {}) === 0 && value("exporter_ready", {}) === 1;
  });
  await sleep(1500);
  const after = { descriptors: descriptors(), handles: await handles() };
  simulator.clearRequests();
  await sleep(3000);
  const polls = simulator.requests.filter(({ operation }) => operation === "status").length;
  await scraping.stop();

  expect(outcomes).toEqual(outcomes.map((_, index) => (index % 4 === 1 ? 500 : 200)));
  expect(scraping.faults).toEqual([]);
  expect(scraping.scrapes()).toBeGreaterThan(100);
  expect(overlaps).toEqual([]);
  // Idle connections to the API and of the test come and go by themselves.
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 8);
  expect(after.handles["Timeout"] ?? 0).toBeLessThanOrEqual((before.handles["Timeout"] ?? 0) + 5);
  // One generation polls five interconnects a second; two would ask twice as often.
  expect(polls).toBeGreaterThanOrEqual(10);
  expect(polls).toBeLessThanOrEqual(20);
  const { rows } = await scrape(daemon.origin);
  expect(rows("polls_total").map(({ labels }) => labels["interconnect"])).toEqual(NAMES);
  expect(daemon.stderr()).not.toContain("Bug");
}, 120_000);

test("a bad reload sets the gauge and answers all problems, a good one sets it back", async () => {
  await using simulator = await startSimulator({ accounts: [accountWith(NAMES)] });
  const config = configFor(simulator, NAMES, POLL);
  await using daemon = await startDaemonProcess({ config, args: ["--web.enable-lifecycle"] });
  const gauge = async (): Promise<number> =>
    (await scrape(daemon.origin)).value("exporter_config_last_reload_successful", {});
  expect(await gauge()).toBe(1);
  await configure(daemon, { ...config, poll: { interval: "soon" }, grups: [] });
  const response = await reload(daemon);
  expect([response.status, await response.text()]).toEqual([
    500,
    expect.stringMatching(/config\.yaml:1: .*soon.*\n.*config\.yaml:1: .*grups/),
  ]);
  // The exporter's own metrics are read once a second.
  await untilTrue("the gauge to be 0", async () => (await gauge()) === 0);
  await configure(daemon, config);
  daemon.kill("SIGHUP");
  await untilTrue("the gauge to be 1", async () => (await gauge()) === 1);
  expect(daemon.stderr()).toContain('"trigger":"SIGHUP","result":"unchanged","msg":"Configuration reloaded"');
});

test("--config.auto-reload follows the file; without --web.enable-lifecycle nobody else may", async () => {
  await using simulator = await startSimulator({ accounts: [accountWith(NAMES)] });
  await using daemon = await startDaemonProcess({
    config: configFor(simulator, ["icon-1"], POLL),
    args: ["--config.auto-reload"],
  });
  const refused = await reload(daemon);
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.stringContaining("--web.enable-lifecycle"),
  ]);
  await configure(daemon, configFor(simulator, NAMES, POLL));
  await untilTrue("the new interconnects", async () => {
    const { rows } = await scrape(daemon.origin);
    return rows("polls_total").length === NAMES.length;
  });
});

test("SIGHUP is survived and told of when there is no file", async () => {
  await using simulator = await startSimulator({ accounts: [accountWith(NAMES)] });
  const { accountId, credentials } = accountWith(NAMES);
  await using daemon = await startCommand(["--web.listen-address=127.0.0.1:0"], {
    env: {
      CLOUDFLARE_API_TOKEN: credentials[0] ?? "",
      CLOUDFLARE_ACCOUNT_ID: accountId,
      CLOUDFLARE_BASE_URL: simulator.baseUrl,
    },
  });
  await untilTrue("the daemon to serve", () => daemon.stderr().includes("Polling and serving"));
  daemon.kill("SIGHUP");
  await untilTrue("a line in the log", () => daemon.stderr().includes("there is no config file"));
  expect(daemon.exit()).toBeUndefined();
});
