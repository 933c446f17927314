import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { JOB } from "./stage.ts";

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
}

/** What stands for the variables: an interconnect, the accounts whose state the story decides, and Grafana's own. */
const VARIABLES: readonly (readonly [name: string, value: string])[] = [
  // Grafana's is four scrape intervals.
  ["$__rate_interval", "6s"],
  ["$interconnect", "icon-lhr-01"],
  ["$instance", ".*"],
  ["$account", "production|lab|refused"],
  ["$job", JOB],
];

/** Every query of every panel with values for its variables, by `dashboard: panel refId`; `range` is the time shown. */
export function dashboardQueries(range = "2m"): ReadonlyMap<string, string> {
  const variables = [["$__range", range] as const, ...VARIABLES];
  const queries = globSync("grafana/dashboards/*.json").flatMap((path) => {
    const board: { readonly panels: readonly Panel[] } = JSON.parse(readFileSync(path, "utf8"));
    return board.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, refId }): [string, string] => [
        `${basename(path, ".json")}: ${title} ${refId}`,
        variables.reduce((text, [name, value]) => text.replaceAll(name, value), expr),
      ]),
    );
  });
  return new Map(queries);
}
