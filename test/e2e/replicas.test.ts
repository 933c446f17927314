import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { phaseOf } from "../../src/domain/schedule.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { type DaemonProcess, startDaemonProcess } from "../helpers/daemon-process.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";
import { scrape } from "../helpers/scrape.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { untilTrue } from "../helpers/until.ts";
import { JOB } from "./story/stage.ts";
import { startScaledPrometheus } from "./story/scaled-prometheus.ts";

const BUDGET = 600;
const WINDOW_MS = 300_000;
const INTERVAL_MS = 4000;
const NAMES = Array.from({ length: 6 }, (_, index) => `icon-ewr-0${index}`);

/** When each request that the simulator let in arrived, in milliseconds. */
function arrivals({ requests }: Simulator, interconnect?: string): readonly number[] {
  const own = requests.filter((each) => interconnect === undefined || each.interconnect === interconnect);
  return own.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

test("two replicas spend one budget together, though both want more and one is killed and comes back", async () => {
  const names = Array.from({ length: 60 }, (_, index) => `icon-${index}-error-503`);
  await using simulator = await startSimulator({ accounts: [accountWith(names)] });
  const { api, ...rest } = configFor(simulator, names, { interval: "5s", timeout: "5s", retries: 0 });
  const config = { ...rest, api: { ...api, budget: BUDGET } };
  await using storage = await createTempFolder();
  const start = (replica: string): Promise<DaemonProcess> =>
    startDaemonProcess({
      config,
      args: [`--replica=${replica}`, `--storage.path=${storage.path}/${replica[0]}`],
    });
  await using first = await start("1/2");
  const second = await start("2/2");
  await untilTrue("some requests of both", () => arrivals(simulator).length > 4);
  second.kill("SIGKILL");
  await second.ended;
  await using third = await start("2/2");
  await untilTrue("more requests", () => arrivals(simulator).length > 12);
  for (const { origin } of [first, third]) {
    const { value, rows } = await scrape(origin);
    expect(value("exporter_api_budget_requests", {})).toBe(BUDGET / 2);
    expect(rows("exporter_replica_info")).toHaveLength(1);
  }
  // What the killed one had sent is known to the one after it.
  expect((await scrape(third.origin)).value("exporter_api_budget_used_requests", {})).toBeGreaterThan(6);
  const sentMs = arrivals(simulator);
  for (const fromMs of sentMs) {
    for (const windowMs of [1000, 2000, 4000, 8000, WINDOW_MS]) {
      const sent = sentMs.filter((ms) => ms >= fromMs && ms < fromMs + windowMs).length;
      const spanMs = Math.min(windowMs, (sentMs.at(-1) ?? 0) - fromMs);
      // The budget's pace, and one for each process that begins, with as much as timers are late.
      expect(sent).toBeLessThanOrEqual(Math.ceil((BUDGET / WINDOW_MS) * (spanMs + 300)) + 3);
    }
  }
});

test("two replicas poll half an interval apart, and the rules hold when one is killed", async () => {
  await using simulator = await startSimulator({ accounts: [accountWith(NAMES)] });
  const poll = { interval: "4s", attention_interval: "0", timeout: "2s", retries: 0 };
  const config = configFor(simulator, NAMES, poll);
  await using first = await startDaemonProcess({ config, args: ["--replica=1/2"] });
  await using second = await startDaemonProcess({ config, args: ["--replica=2/2"] });
  const targets = [first, second].map(({ port }) => `127.0.0.1:${port}`);
  const jobs = [{ job_name: JOB, scrape_interval: "1s", static_configs: [{ targets }] }];
  const prometheus = startScaledPrometheus("2.x", jobs);
  await untilTrue("both to be past their first round", () => simulator.requests.length >= 4 * NAMES.length);
  simulator.clearRequests();
  await sleep(2 * INTERVAL_MS);
  const gapsMs: number[] = [];
  const offMs: number[] = [];
  for (const name of NAMES) {
    const sentMs = arrivals(simulator, name);
    expect(sentMs.length).toBeGreaterThanOrEqual(3);
    // The place of this interconnect in every half of the interval, by the wall clock.
    const placeMs = phaseOf(`production/${name}`, INTERVAL_MS);
    offMs.push(...sentMs.map((ms) => Math.abs(((ms - placeMs + 500) % (INTERVAL_MS / 2)) - 500)));
    gapsMs.push(...sentMs.slice(1).map((ms, index) => ms - (sentMs[index] ?? 0)));
  }
  // The median: on a busy machine one poll or another is late. Phases that were left to chance would lie anywhere.
  expect(Math.abs(medianOf(gapsMs) - INTERVAL_MS / 2)).toBeLessThan(INTERVAL_MS / 8);
  expect(medianOf(offMs)).toBeLessThan(INTERVAL_MS / 16);
  await using watching = await prometheus;
  const has = async (promql: string): Promise<boolean> => (await watching.query(promql)).length > 0;
  await untilTrue("both to be scraped", () => has("count(up == 1) == 2"));
  first.kill("SIGKILL");
  await first.ended;
  simulator.setStatus("icon-ewr-00", { state: "Down", reason: "no light" });
  const firing = 'ALERTS{alertstate="firing",alertname="CloudflareInterconnectDown"}';
  await untilTrue("the page", () => has(firing), 30_000);
  expect((await watching.query(firing)).map(({ labels }) => labels["interconnect"])).toEqual(["icon-ewr-00"]);
  // The dead one still says Healthy of all of them: none of the others is told of, and nothing is stale.
  expect(
    await has('ALERTS{alertstate="firing",severity="critical",alertname!="CloudflareInterconnectDown"}'),
  ).toBe(false);
});
