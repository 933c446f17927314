import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { RULE_FILES } from "../helpers/rule-files.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";
import { scaled } from "../e2e/story/stage.ts";
import { startDaemonProcess } from "../helpers/daemon-process.ts";
import { type PrometheusProcess, runPrometheus } from "../helpers/prometheus-process.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { untilTrue } from "../helpers/until.ts";
import { rowsShown, type Transformation } from "../helpers/grafana-transform.ts";

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly refId: string }[];
  readonly transformations: readonly Transformation[];
}

const NAMES = ["icon-ewr-01-down-no-light", "icon-ewr-02-steady", "icon-lhr-01-steady"] as const;
const [DOWN, STEADY] = NAMES;
const PANELS = ["overview", "detail", "exporter"].flatMap((board) => {
  const { panels }: { readonly panels: readonly Panel[] } = JSON.parse(
    readFileSync(`grafana/dashboards/${board}.json`, "utf8"),
  );
  return panels.filter(({ type }) => type === "table");
});

let prometheus: PrometheusProcess;
/** `host:port` of the replica that reads the list, and of the one that knows no more than names. */
let instances: readonly string[];
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  await using started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ accounts: [accountWith(NAMES)] }));
  const { accounts, ...rest } = configFor(simulator, NAMES, { interval: "1s", retries: 0 });
  const groups = [{ name: "newyork", members: [`production/${DOWN}`, `production/${STEADY}`] }];
  const replicas = await Promise.all(
    [true, false].map(async (enabled) => {
      const discovery = accounts.map((account) =>
        Object.assign({}, account, { discovery: { enabled, interval: "4s" } }),
      );
      return started.use(await startDaemonProcess({ config: { ...rest, accounts: discovery, groups } }));
    }),
  );
  instances = replicas.map(({ origin }) => origin.slice("http://".length));
  const folder = started.use(
    await createTempFolder({
      "prometheus.yml": stringify({
        global: { scrape_interval: "1s", evaluation_interval: "1500ms" },
        rule_files: ["rules/*.yaml"],
        scrape_configs: [{ job_name: "cni", static_configs: [{ targets: instances }] }],
      }),
      ...Object.fromEntries(RULE_FILES.map((path) => [`rules/${basename(path)}`, scaled(path)])),
    }),
  );
  const until = "count(up == 1) == 2";
  prometheus = started.use(await runPrometheus({ version: "2.x", folder: folder.path, until }));
  const known = [
    'count(ALERTS{alertname=~"CloudflareInterconnect(Down|GroupWithoutRedundancy)",alertstate="firing"}) == 2',
    "count(account_interconnect:cloudflare_interconnect_availability:ratio30d) == 3",
    'count(cloudflare_interconnect_info{interconnect_site!=""}) == 3',
  ].join(" and on () ");
  await untilTrue("all that is shown", async () => (await prometheus.query(known)).length > 0, 90_000);
  const running = started.move();
  stop = () => running.disposeAsync();
}, 180_000);
afterAll(() => stop?.());

/** What the panel shows of some of the replicas. */
async function shown(title: string, instance: string, interconnect: string = STEADY) {
  const panel = PANELS.find((each) => each.title === title);
  if (panel === undefined) throw new Error(`Expected a table ${title}`);
  const values = { __range: "20s", job: "cni", instance, account: "production", interconnect };
  const answers = await Promise.all(
    panel.targets.map(async ({ expr, refId }) => ({
      refId,
      samples: await prometheus.query(
        Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`$${name}`, value), expr),
      ),
    })),
  );
  return await rowsShown(panel.transformations, answers);
}

describe.each([
  ["two replicas, one of which knows less", (all: readonly string[]) => all.join("|"), 2, 1],
  ["the replica that knows more", (all: readonly string[]) => all[0] ?? "", 1, 1],
  ["the replica that knows less", (all: readonly string[]) => all[1] ?? "", 1, 0],
] as const)("with %s", (_name, choose, replicas, circuits) => {
  test("the interconnects are shown once each, with state, reason and circuit", async () => {
    const rows = await shown("Interconnects, worst first", choose(instances));
    expect(rows).toHaveLength(NAMES.length);
    expect(new Map(rows.map(({ Interconnect: name, State: state }) => [name, state]))).toEqual(
      new Map(NAMES.map((name) => [name, name === DOWN ? 4 : 1])),
    );
    for (const { Reason: reason, Class: reasonClass, Since: since, Account: account } of rows) {
      expect([account, typeof reason, typeof reasonClass, typeof since]).toEqual([
        "production",
        "string",
        "string",
        "number",
      ]);
    }
    // What one of them knows is shown, also where the other does not.
    expect(rows.filter(({ Site: site }) => typeof site === "string" && site !== "")).toHaveLength(
      3 * circuits,
    );
  });

  test.each([
    ["Firing alerts", ["Alert", "Group", "Severity"], 2],
    [
      "Groups of redundant interconnects",
      ["Group", "Healthy", "Members", "Minimum", "To spare", "Unknown"],
      1,
    ],
    ["Availability", ["Account", "Interconnect"], 3],
    ["Reason", ["Class", "Reason", "State"], 1],
    // Nothing is known but the name, which stands above.
    ["Circuit", [], circuits],
    ["Versions", ["Instance", "Job", "Version"], replicas],
  ])("%s has its columns and as many rows as there are things", async (title, columns, count) => {
    const rows = await shown(title, choose(instances));
    expect(rows).toHaveLength(count);
    for (const row of rows) expect(Object.keys(row)).toEqual(expect.arrayContaining([...columns]));
  });
});

test("every table of every dashboard is looked at here", () => {
  expect(PANELS.map(({ title }) => title).toSorted()).toEqual([
    "Availability",
    "Circuit",
    "Firing alerts",
    "Groups of redundant interconnects",
    "Interconnects, worst first",
    "Reason",
    "Versions",
  ]);
});
