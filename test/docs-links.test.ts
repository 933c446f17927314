import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, linksOf, termsIn } from "./helpers/markdown.ts";
import { page, PAGES } from "./helpers/pages.ts";

/** What is wrong with a link of a page; undefined when it leads somewhere. */
function fault(from: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#", 2);
  const target = path === "" ? from : join(dirname(from), path);
  if (!existsSync(target)) return `${from}: nothing at ${link}`;
  if (anchor === undefined) return undefined;
  return anchorsOf(PAGES.get(target) ?? "").includes(anchor) ? undefined : `${from}: no heading for ${link}`;
}

test("every relative link of every page leads to a file, and to a heading of it where it names one", () => {
  const links = [...PAGES].flatMap(([from, text]) => linksOf(text).map((link) => ({ from, link })));
  expect(links.length).toBeGreaterThan(50);
  expect(links.flatMap(({ from, link }) => fault(from, link) ?? [])).toEqual([]);
});

test.each(["README.md", "docs/README.md"])("%s leads to every page of docs", (from) => {
  const linked = new Set(linksOf(page(from)).map((link) => join(dirname(from), link.split("#", 1).join(""))));
  const pages = [...PAGES.keys()].filter((path) => /^docs\/(?!README)[^/]+$/.test(path));
  expect(pages.length).toBeGreaterThan(6);
  expect(pages.filter((path) => !linked.has(path))).toEqual([]);
});

test("every path of this repository that a page names exists", () => {
  const paths = [...PAGES].flatMap(([from, text]) =>
    termsIn(text)
      .filter((term) => /^(?:bench|deploy|docs|grafana|src|test|\.ci)\/[\w./-]*$/.test(term))
      .map((path) => ({ from, path })),
  );
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter(({ path }) => !existsSync(path))).toEqual([]);
});
