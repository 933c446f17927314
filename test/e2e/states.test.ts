import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STATES } from "../../src/domain/link-state.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { type DaemonProcess, startDaemonProcess } from "../helpers/daemon-process.ts";
import { startPrometheus } from "../helpers/prometheus-process.ts";
import type { PrometheusVersion } from "../helpers/prometheus-tools.ts";
import { runTool } from "../helpers/run-tool.ts";
import { scrape, type Scrape } from "../helpers/scrape.ts";
import { untilTrue } from "../helpers/until.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";

/** What each interconnect answers (by its name) and what is to be shown for it. */
const CASES = {
  "icon-ewr-01-steady": { state: "Healthy", reason_class: "none", reason: "" },
  "icon-ewr-02-no-light": { state: "Unhealthy", reason_class: "no_light", reason: "no light detected" },
  "icon-ewr-03-unhealthy-null-reason": { state: "Unhealthy", reason_class: "none", reason: "" },
  "icon-ewr-04-down-no-reason": { state: "Down", reason_class: "none", reason: "" },
  "icon-ewr-05-down-low-light": {
    state: "Down",
    reason_class: "low_light",
    reason: "rx light level below # dBm",
  },
  "icon-lhr-01-pending": { state: "Pending", reason_class: "none", reason: "" },
  "icon-lhr-02-degraded": {
    state: "Unknown",
    reason_class: "unknown_state",
    reason: 'the API answered a state that this version does not know: "Degraded"',
  },
} as const;
const HOSTILE = "icon-lhr-03-unhealthy-hostile";
/** Of a user's own label: what is hardest to escape. */
const CIRCUIT = 'XC "20417" \\ {a="b"} # 🔥';
const NAMES = [...Object.keys(CASES), HOSTILE];

let daemon: DaemonProcess;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  await using started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ accounts: [accountWith(NAMES)] }));
  const config = configFor(simulator, NAMES, { interval: "1s" });
  const accounts = config.accounts.map((account) => ({
    ...account,
    interconnects: NAMES.map((name) => ({ name, labels: { circuit_id: CIRCUIT } })),
  }));
  daemon = started.use(
    await startDaemonProcess({
      config: { ...config, accounts },
      args: ["--web.disable-exporter-metrics"],
    }),
  );
  await untilTrue("ready", async () => (await fetch(`${daemon.origin}/-/ready`)).ok);
  const running = started.move();
  stop = () => running.disposeAsync();
});
afterAll(() => stop?.());

describe.each(["text", "openmetrics"] as const)("run shows in %s", (format) => {
  let metrics: Scrape;
  beforeAll(async () => {
    metrics = await scrape(daemon.origin, format);
  });

  test.each(Object.entries(CASES))("%s with its state and reason", (interconnect, expected) => {
    const states = metrics.rows("state", { account: "production", interconnect });
    expect(states.map(({ labels }) => labels["state"])).toEqual([...STATES]);
    expect(metrics.stateOf(interconnect)).toBe(expected.state);
    expect(metrics.reasonOf(interconnect)).toEqual({ account: "production", interconnect, ...expected });
  });

  test("a word that it does not know as Unknown, counted, with a poll that succeeded", () => {
    const interconnect = "icon-lhr-02-degraded";
    expect(metrics.value("poll_success", { interconnect })).toBe(1);
    expect(metrics.value("last_success_timestamp_seconds", { interconnect })).toBeGreaterThan(0);
    expect(metrics.rows("last_known_state", { interconnect })).toEqual([]);
    expect(metrics.value("exporter_unknown_states_total", { account: "production" })).toBeGreaterThan(0);
  });

  test("a hostile reason of 100 KiB as a short label without control characters", () => {
    const { reason = "", state } = metrics.reasonOf(HOSTILE);
    expect(state).toBe("Unhealthy");
    expect(reason).toMatch(/^port "et-#" said C:\\link\\down second line with a tab, a null , an escape/);
    expect(Array.from(reason)).toHaveLength(200);
    expect(reason).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test("a label of the user's as it was written", () => {
    expect(metrics.rows("info", { circuit_id: CIRCUIT })).toHaveLength(NAMES.length);
  });

  test("nothing but its own metrics", () => {
    const foreign = [...metrics.families.keys()].filter(
      (name) => !name.startsWith("cloudflare_interconnect_"),
    );
    expect(foreign).toEqual([]);
  });
});

test("promtool has no objection to what run shows", async () => {
  const { text } = await scrape(daemon.origin);
  const check = ["check", "metrics"];
  expect((await runTool("promtool", check, "2.x", "bad_name_total 1\n")).output).toContain("bad_name_total");
  expect(await runTool("promtool", check, "2.x", text)).toEqual({ status: 0, output: "" });
});

interface Scraper {
  readonly name: string;
  readonly version: PrometheusVersion;
  readonly major: RegExp;
  readonly scrapeConfig: readonly string[];
  /** Whether counters are named without `_total` in the metadata, as OpenMetrics names them. */
  readonly openmetrics: boolean;
}

const SCRAPERS: readonly Scraper[] = [
  { name: "2.x (OpenMetrics)", version: "2.x", major: /^2\./, scrapeConfig: [], openmetrics: true },
  { name: "3.x (OpenMetrics)", version: "3.x", major: /^3\./, scrapeConfig: [], openmetrics: true },
  {
    name: "3.x (text)",
    version: "3.x",
    major: /^3\./,
    scrapeConfig: ["scrape_protocols: [PrometheusText0.0.4]"],
    openmetrics: false,
  },
];

test.each(SCRAPERS)("Prometheus $name reads all that run shows", async (scraper) => {
  const target = daemon.origin.slice("http://".length);
  await using prometheus = await startPrometheus({ ...scraper, target });
  expect(await prometheus.version()).toMatch(scraper.major);
  expect(await prometheus.hasMetadata("cloudflare_interconnect_polls")).toBe(scraper.openmetrics);

  const states = await prometheus.query("cloudflare_interconnect_state == 1");
  const shown = Object.fromEntries(states.map(({ labels }) => [labels["interconnect"], labels["state"]]));
  expect(shown).toEqual({
    ...Object.fromEntries(Object.entries(CASES).map(([name, { state }]) => [name, state])),
    [HOSTILE]: "Unhealthy",
  });

  // The label values are the very same after cleaning, escaping, scraping and storing.
  const metrics = await scrape(daemon.origin);
  const reasons = await prometheus.query("cloudflare_interconnect_reason_info");
  expect(reasons).toHaveLength(NAMES.length);
  for (const { labels, value } of reasons) {
    const { interconnect = "" } = labels;
    expect(value).toBe(1);
    // Prometheus drops labels that are empty.
    expect({ ...labels, reason: labels["reason"] ?? "" }).toMatchObject(metrics.reasonOf(interconnect));
  }
  const [info] = await prometheus.query(`cloudflare_interconnect_info{interconnect="${HOSTILE}"}`);
  expect(info?.labels["circuit_id"]).toBe(CIRCUIT);

  const [scraped] = await prometheus.query("scrape_samples_scraped");
  const samples = [...metrics.families.values()].reduce((sum, family) => sum + family.samples.length, 0);
  // Codes and kinds that occur for the first time add a row now and then.
  expect(Math.abs((scraped?.value ?? 0) - samples)).toBeLessThan(5);
});
