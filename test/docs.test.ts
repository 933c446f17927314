import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { usage } from "../src/cli/flags.ts";
import { GROUP_FAMILIES } from "../src/metrics/group-families.ts";
import { interconnectFamilies } from "../src/metrics/interconnect-families.ts";
import { createTelemetry } from "../src/metrics/telemetry.ts";
import { FakeClock } from "./helpers/fake-clock.ts";

const readme = readFileSync("README.md", "utf8");

interface FamilyRow {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** The rows of the README's tables of metrics. */
function documented(): FamilyRow[] {
  return [...readme.matchAll(/^\| `(cloudflare_interconnect_\w+)` \| (\w+) \| ([^|]*)\|/gm)].map(
    ([, name = "", type = "", labels = ""]) => ({
      name,
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label),
    }),
  );
}

/** The families of the code. */
async function families(): Promise<FamilyRow[]> {
  const telemetry = createTelemetry({
    build: { version: "1", revision: "", nodeVersion: "v24" },
    clock: new FakeClock(),
    isReady: () => true,
    readAccounts: () => [],
    processMetrics: false,
  });
  const own = telemetry.registry.getMetricsAsArray().map((metric) => ({
    name: metric.name,
    type: String(metric.type),
    // prom-client keeps the declared names on the metric; histograms add `le` by themselves.
    labels: "labelNames" in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [],
  }));
  const polled = interconnectFamilies([]).map(({ name, type, labelNames }) => ({
    name,
    type,
    labels: labelNames,
  }));
  const groups = GROUP_FAMILIES.map(({ name, type, labelNames }) => ({
    name,
    type,
    labels: ["group", ...labelNames],
  }));
  return [...polled, ...groups, ...own];
}

const byName = (a: FamilyRow, b: FamilyRow): number => a.name.localeCompare(b.name);

describe("README.md", () => {
  test("lists every metric with its type and labels, and no other", async () => {
    expect(documented().toSorted(byName)).toEqual((await families()).toSorted(byName));
  });

  test("shows the usage as --help prints it", () => {
    expect(readme).toContain(usage());
  });

  test("names only metrics that exist in its PromQL", async () => {
    const names = new Set((await families()).map(({ name }) => name));
    const promql = [...readme.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, text = ""]) => text).join("\n");
    const used = [...promql.matchAll(/\bcloudflare_interconnect_\w+/g)].map(([name]) => name);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !names.has(name))).toEqual([]);
  });

  test("links only to files that exist", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter((path) => globSync(path).length === 0)).toEqual([]);
  });
});

describe("src/README.md", () => {
  test("names every room of src, and no other", () => {
    const rooms = new Set(globSync("src/*/").map((path) => `${path.replaceAll("\\", "/").split("/")[1]}/`));
    const table = [...readFileSync("src/README.md", "utf8").matchAll(/^\| `(\w+\/)`/gm)].map(
      ([, room]) => room,
    );
    expect(new Set(table)).toEqual(rooms);
  });
});
