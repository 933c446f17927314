import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { usage } from "../src/cli/flags.ts";
import { exporterFamilies } from "./helpers/exporter-families.ts";
import type { FamilyRow } from "./helpers/exporter-families.ts";

const readme = readFileSync("README.md", "utf8");

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

const byName = (a: FamilyRow, b: FamilyRow): number => a.name.localeCompare(b.name);

describe("README.md", () => {
  test("lists every metric with its type and labels, and no other", () => {
    expect(documented().toSorted(byName)).toEqual(exporterFamilies().toSorted(byName));
  });

  test("shows the usage as --help prints it", () => {
    expect(readme).toContain(usage());
  });

  test("names only metrics that exist in its PromQL", () => {
    const names = new Set(exporterFamilies().map(({ name }) => name));
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
