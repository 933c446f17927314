import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { readRules, type Rule } from "../helpers/rule-files.ts";
import { runTool } from "../helpers/run-tool.ts";
import {
  type PrometheusProcess,
  type PrometheusSample,
  runPrometheus,
} from "../helpers/prometheus-process.ts";
import { PROMETHEUS_VERSIONS, type PrometheusVersion } from "../helpers/prometheus-tools.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { dashboardQueries } from "./story/dashboard-queries.ts";
import { exposeWeek, trueAvailability, WEEK_MS, WEEK_START_MS } from "./story/week.ts";

const END_SECONDS = (WEEK_START_MS + WEEK_MS) / 1000;
const DAY_MS = 86_400_000;
/** A tenth of a percent: of the week, ten minutes. */
const TOLERANCE = 0.001;

let exposition: string;
beforeAll(async () => {
  exposition = await exposeWeek();
}, 180_000);

/** Values by interconnect. */
function byInterconnect(samples: readonly PrometheusSample[]): Record<string, number> {
  return Object.fromEntries(samples.map(({ labels, value }) => [labels["interconnect"] ?? "", value]));
}

function expectNear(samples: readonly PrometheusSample[], truth: Readonly<Record<string, number>>): void {
  const near = Object.entries(truth).map(([interconnect, share]) => [
    interconnect,
    expect.toSatisfy(
      (value: unknown) => Math.abs(Number(value) - share) < TOLERANCE,
      `${share} within ${TOLERANCE}`,
    ),
  ]);
  expect(byInterconnect(samples)).toEqual(Object.fromEntries(near));
}

function ruleNamed(name: string): Rule {
  const rule = readRules().find(({ record }) => record === name);
  if (rule === undefined) throw new Error(`Expected a record ${name}`);
  return rule;
}

/** The expression under "Availability" in docs/metrics.md, over a week. */
function documentedAvailability(): string {
  const text = readFileSync("docs/metrics.md", "utf8");
  const expr = /# Availability of the last 30 days[^\n]*\n(?<expr>[^#]*)/.exec(text)?.groups?.["expr"];
  if (expr === undefined) throw new Error("Expected PromQL for availability in docs/metrics.md");
  return expr.replace(/\n```[\s\S]*/, "").replaceAll("[30d]", "[7d]");
}

test.each(PROMETHEUS_VERSIONS)(
  "availability of a week with a restart, missed scrapes and outages of the API is the simulated truth: Prometheus %s",
  { timeout: 240_000 },
  async (version) => {
    await using folder = await createTempFolder({ "prometheus.yml": "{}", "week.om": exposition });
    const data = join(folder.path, "data");
    await mkdir(data);
    await promtool(version, ["openmetrics", "--max-block-duration=216h", join(folder.path, "week.om"), data]);
    const week = trueAvailability(0, WEEK_MS);
    // Else an exporter that always says Healthy would pass.
    for (const share of Object.values(week)) expect(1 - share).toBeGreaterThan(5 * TOLERANCE);

    const hours = "account_interconnect_state:cloudflare_interconnect_state_seconds:increase1h";
    {
      await using prometheus = await start(version, folder.path);
      expectNear(await prometheus.query(documentedAvailability(), END_SECONDS), week);
      const panel = dashboardQueries("7d").get("overview: Availability A") ?? "";
      expectNear(await prometheus.query(panel, END_SECONDS), week);
      const day = ruleNamed("account_interconnect:cloudflare_interconnect_availability:ratio1d");
      expectNear(await prometheus.query(day.expr, END_SECONDS), trueAvailability(WEEK_MS - DAY_MS, WEEK_MS));

      // The record of whole hours, as often as it is shipped, which the one over 30 days sums.
      const rules = join(folder.path, "hours.yaml");
      await writeFile(
        rules,
        stringify({ groups: [{ name: "hours", interval: "2m", rules: [ruleNamed(hours)] }] }),
      );
      const times = [`--start=${WEEK_START_MS / 1000 + 3600}`, `--end=${END_SECONDS}`];
      await promtool(version, [
        "rules",
        `--url=${prometheus.origin}`,
        ...times,
        `--output-dir=${data}`,
        rules,
      ]);
    }
    await using prometheus = await start(version, folder.path);
    const month = ruleNamed("account_interconnect:cloudflare_interconnect_availability:ratio30d");
    const [count] = await prometheus.query(
      `count(count_over_time(${hours}{state="Healthy"}[8d]))`,
      END_SECONDS,
    );
    expect(count?.value).toBe(2);
    expectNear(await prometheus.query(month.expr, END_SECONDS), week);
  },
);

async function promtool(version: PrometheusVersion, args: readonly string[]): Promise<void> {
  const { status, output } = await runTool("promtool", ["tsdb", "create-blocks-from", ...args], version);
  expect({ status, output }).toMatchObject({ status: 0 });
}

async function start(version: PrometheusVersion, folder: string): Promise<PrometheusProcess> {
  return await runPrometheus({
    version,
    folder,
    args: ["--storage.tsdb.retention.time=100y"],
    until: "vector(1)",
  });
}
