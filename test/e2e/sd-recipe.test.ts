import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { ScriptedAnswer } from "../../src/simulator/override.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { startDaemonProcess } from "../helpers/daemon-process.ts";
import { freePort } from "../helpers/free-port.ts";
import type { PrometheusProcess } from "../helpers/prometheus-process.ts";
import { PROMETHEUS_VERSIONS, type PrometheusVersion } from "../helpers/prometheus-tools.ts";
import { untilTrue } from "../helpers/until.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";
import { startScaledPrometheus } from "./story/scaled-prometheus.ts";

const DOWN = "icon-ewr-01-down-no-light";
const STEADY = "icon-ewr-02-steady";
const RECIPES = { plain: "deploy/prometheus/prometheus.yaml", sd: "deploy/prometheus/http-sd.yaml" } as const;
const AWAY = "job:cloudflare_interconnect_exporter:away";
const UNLISTED = "account:cloudflare_interconnect_exporter_discovery_last_success_timestamp_seconds:unlisted";
/** Longer than any window and keep_firing_for of the rules, divided: 80 s stand for 27 minutes. */
const LONG_SECONDS = 80;
/** Evaluations of so long, of which a busy machine leaves some out. */
const MANY = Math.floor(LONG_SECONDS / 1.5) - 6;
/** Some evaluations, and in real time less than what a person would notice. */
const GAP_SECONDS = 10;

/** Prometheus with the jobs of a recipe. */
async function watch(version: PrometheusVersion, recipe: keyof typeof RECIPES, port: number) {
  const text = readFileSync(RECIPES[recipe], "utf8").replaceAll("exporter:13335", `127.0.0.1:${port}`);
  const prometheus = await startScaledPrometheus(version, parse(text).scrape_configs);
  return { ...prometheus, name: `${version} ${recipe}` };
}

const FIRING = 'ALERTS{alertstate="firing",alertname=~"CloudflareInterconnect(Down|Group.*)"}';

async function firing({ query }: Pick<PrometheusProcess, "query">, promql: string) {
  return (await query(promql)).map(({ labels }) =>
    ["alertname", "severity", "job", "group", "interconnect", "instance"]
      .map((name) => (labels[name] ?? "-").replace("CloudflareInterconnect", ""))
      .join(" "),
  );
}

const MEMBER_DOWN = [
  `Down warning cloudflare-interconnect newyork ${DOWN} -`,
  "GroupWithoutRedundancy warning cloudflare-interconnect newyork - -",
];

test(
  "a member of a group that is Down stays a ticket, by either recipe, whoever is away",
  { timeout: 420_000 },
  async () => {
    await using simulator = await startSimulator({ accounts: [accountWith([DOWN, STEADY])] });
    let outage: ScriptedAnswer | undefined;
    simulator.override({}, () => outage);
    const poll = { interval: "3s", attention_interval: "1s", timeout: "2s", retries: 0, stale_after: "30s" };
    const { accounts, ...rest } = configFor(simulator, [], poll);
    const config = {
      ...rest,
      // No list of their names: all are discovered.
      accounts: accounts.map(({ name, account_id, api_token }) => ({
        name,
        account_id,
        api_token,
        discovery: { enabled: true, interval: "4s" },
      })),
      groups: [{ name: "newyork", members: [`production/${DOWN}`, `production/${STEADY}`] }],
    };
    const port = await freePort();
    const first = await startDaemonProcess({ config, port });
    const sd = async () => (await fetch(`http://127.0.0.1:${port}/sd?account=production`)).status;
    await untilTrue("the list to be known", async () => (await sd()) === 200);
    await using started = new AsyncDisposableStack();
    const watchers = await Promise.all(
      PROMETHEUS_VERSIONS.flatMap((version) =>
        (["plain", "sd"] as const).map(async (recipe) => started.use(await watch(version, recipe, port))),
      ),
    );
    const everywhere = async (what: string, promql: string): Promise<void> => {
      await Promise.all(
        watchers.map(({ name, query }) =>
          untilTrue(`${what} in ${name}`, async () => (await query(promql)).length > 0, 150_000),
        ),
      );
    };
    await everywhere("the member's ticket", `${FIRING} and on () count(${FIRING}) == ${MEMBER_DOWN.length}`);
    for (const watcher of watchers) {
      expect([watcher.name, ...(await firing(watcher, FIRING)).toSorted()]).toEqual([
        watcher.name,
        ...MEMBER_DOWN,
      ]);
    }
    const sinceSeconds = Date.now() / 1000;

    await first[Symbol.asyncDispose]();
    await everywhere("a long absence", `count_over_time(${AWAY}[${LONG_SECONDS + 20}s]) >= ${MANY}`);

    outage = { status: 503, body: "" };
    await using second = await startDaemonProcess({ config, port });
    expect(second.exit()).toBeUndefined();
    expect(await sd()).toBe(503);
    await everywhere("a long wait", `count_over_time(${UNLISTED}[${LONG_SECONDS + 20}s]) >= ${MANY}`);

    const windowSeconds = Math.floor(Date.now() / 1000 - sinceSeconds);
    for (const watcher of watchers) {
      const down = 'ALERTS{alertstate="firing",alertname="CloudflareInterconnectDown"}';
      const all = `count_over_time(${down}[${windowSeconds}s])`;
      expect([watcher.name, ...(await firing(watcher, all))]).toEqual([watcher.name, MEMBER_DOWN[0]]);
      const gaps = `count_over_time(absent_over_time(${down}[${GAP_SECONDS}s])[${windowSeconds}s:1s])`;
      expect([watcher.name, ...(await firing(watcher, gaps))]).toEqual([watcher.name]);
      const pages = `count_over_time(ALERTS{severity="critical",alertstate="firing",alertname!="CloudflareInterconnectExporterDown"}[${windowSeconds}s])`;
      expect([watcher.name, ...(await firing(watcher, pages))]).toEqual([watcher.name]);
    }
  },
);
