import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { currentCatalogue, metricsPage } from "../docs/src/metrics-page.ts";

/** The families of the code. */
const catalogue = currentCatalogue();

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
