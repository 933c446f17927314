import { globSync, readFileSync } from "node:fs";

/** Everything written for people that stands in this repository, by path; the templates of pages are not pages. */
export const PAGES: ReadonlyMap<string, string> = new Map(
  [
    ...globSync(["*.md", "docs/**/*.md", "deploy/**/*.md", "grafana/**/*.md", "src/**/*.md"], {
      exclude: ["docs/src/**"],
    }),
  ]
    .toSorted()
    .map((path) => [path.replaceAll("\\", "/"), readFileSync(path, "utf8")]),
);

/** The text of one page. Throws when there is none. */
export function page(path: string): string {
  const text = PAGES.get(path);
  if (text === undefined) throw new Error(`Expected a page ${path}`);
  return text;
}
