import { afterAll, beforeAll, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { type DaemonProcess, startDaemonProcess } from "../helpers/daemon-process.ts";
import { startPrometheus } from "../helpers/prometheus-process.ts";
import { untilTrue } from "../helpers/until.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";

/** The last one is as hard to put into an address as names get. */
const HARD = 'icon/lhr 02-steady é%2F&?#"';
const STATES = {
  "icon-ewr-01-steady": "Healthy",
  "icon-ewr-02-no-light": "Unhealthy",
  [HARD]: "Healthy",
} as const;
const NAMES = Object.keys(STATES);

let simulator: Simulator;
let daemon: DaemonProcess;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  await using started = new AsyncDisposableStack();
  simulator = started.use(await startSimulator({ accounts: [accountWith(NAMES)] }));
  const config = configFor(simulator, NAMES, { interval: "1h", attention_interval: "0" });
  const accounts = config.accounts.map((account) => ({
    ...account,
    interconnects: NAMES.map((name) => ({ name, labels: { circuit_id: "XC-1" } })),
  }));
  daemon = started.use(await startDaemonProcess({ config: { ...config, accounts } }));
  await untilTrue("ready", async () => (await fetch(`${daemon.origin}/-/ready`)).ok);
  const running = started.move();
  stop = () => running.disposeAsync();
});
afterAll(() => stop?.());

const RELABEL = [
  "relabel_configs:",
  "  - { action: labelmap, regex: __meta_cloudflare_interconnect_(label_.+|account_id) }",
];

test.each(["2.x", "3.x"] as const)(
  "Prometheus %s finds and scrapes each interconnect by http_sd",
  async (version) => {
    const target = daemon.origin.slice("http://".length);
    await using prometheus = await startPrometheus({
      version,
      target,
      discovered: NAMES.length,
      scrapeConfig: RELABEL,
    });
    const states = await prometheus.query("cloudflare_interconnect_state == 1");
    expect(
      states
        .map(
          ({
            labels: {
              instance,
              account,
              interconnect,
              state,
              label_circuit_id: circuit,
              exported_account: pushed,
            },
          }) => ({
            instance,
            account,
            interconnect,
            state,
            circuit,
            pushed,
          }),
        )
        .toSorted((a, b) => String(a.interconnect).localeCompare(String(b.interconnect))),
    ).toEqual(
      Object.entries(STATES)
        .map(([interconnect, state]) => ({
          instance: `production/${interconnect}`,
          account: "production",
          interconnect,
          state,
          circuit: "XC-1",
          pushed: undefined,
        }))
        .toSorted((a, b) => a.interconnect.localeCompare(b.interconnect)),
    );
    // One interconnect in each scrape, and nothing of the exporter itself.
    const perScrape = await prometheus.query("count by (instance) (cloudflare_interconnect_info)");
    expect(perScrape.map(({ value }) => value)).toEqual(NAMES.map(() => 1));
    expect(await prometheus.query("cloudflare_interconnect_exporter_ready")).toEqual([]);
  },
);

test("/api tells the ray id that Cloudflare gave the poll, and no route here ever asked Cloudflare", async () => {
  const path = `/api/v1/interconnects/production/${encodeURIComponent(HARD)}`;
  const body = (await (await fetch(`${daemon.origin}${path}`)).json()) as {
    readonly history: { readonly polls: readonly unknown[] };
  };
  const polls = simulator.requests.filter(({ operation }) => operation === "status");
  // One poll each, since the interval is an hour, after all the scrapes above.
  expect(polls.map(({ interconnect }) => interconnect).toSorted()).toEqual(NAMES.toSorted());
  const ray = polls.find(({ interconnect }) => interconnect === HARD)?.cfRay;
  expect(body.history.polls).toEqual([
    expect.objectContaining({ success: true, state: "Healthy", cf_ray: ray }),
  ]);
});
