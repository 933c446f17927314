import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { usage } from "../src/cli/flags.ts";
import { currentCatalogue, metricsPage } from "../docs/src/metrics-page.ts";

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
const catalogue = currentCatalogue();
/** As the README shows them, which says once that the rows of interconnects have two labels more. */
const families: readonly FamilyRow[] = catalogue.map(({ name, type, of, labels }) => ({
  name,
  type,
  labels: of === "interconnect" ? labels.slice(2) : labels,
}));

const byName = (a: FamilyRow, b: FamilyRow): number => a.name.localeCompare(b.name);

describe("README.md", () => {
  test("lists every metric with its type and labels, and no other", () => {
    expect(documented().toSorted(byName)).toEqual(families.toSorted(byName));
  });

  test("shows the usage as --help prints it", () => {
    expect(readme).toContain(usage());
  });

  test("names only metrics that exist in its PromQL", () => {
    const names = new Set(families.map(({ name }) => name));
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

describe("docs/metrics", () => {
  test("is what `npm run metrics` writes", () => {
    expect(JSON.parse(readFileSync("docs/metrics.json", "utf8"))).toEqual(catalogue);
    expect(readFileSync("docs/metrics.md", "utf8")).toBe(metricsPage(catalogue));
  });

  test("has each family once, with a name that follows its kind", () => {
    const names = catalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type } of catalogue) expect(name.endsWith("_total")).toBe(type === "counter");
    for (const { since } of catalogue) expect(since).toMatch(/^\d+\.\d+\.\d+$/);
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
