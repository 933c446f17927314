import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DASHBOARDS, dashboardText } from "../../grafana/src/dashboards.ts";
import { currentCatalogue } from "../../docs/src/metrics-page.ts";
import { promqlProblems } from "../helpers/promql-problems.ts";
import { namesIn, readRules } from "../helpers/rule-files.ts";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly datasource: unknown;
  readonly pluginVersion?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly {
    readonly expr: string;
    readonly datasource: unknown;
    readonly refId: string;
  }[];
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
}

interface Board {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string; readonly datasource: unknown }[] };
  readonly templating: { readonly list: readonly Variable[] };
  readonly links: readonly { readonly url: string }[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly refresh?: number;
  readonly query: string;
}

/** The exporter's own families with their types. */
const KNOWN_METRICS = new Map(currentCatalogue().map(({ name, type }) => [name, type]));
const FOLDER = "grafana/dashboards";
const files = readdirSync(FOLDER).toSorted();
const boards = files.map((file): Board => JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8")));
const panels = boards.flatMap((board) =>
  board.panels.flatMap((panel) =>
    panel.type === "row" ? [] : [{ name: `${board.uid}: ${panel.title}`, panel }],
  ),
);
const queries = panels.flatMap(({ name, panel }) => panel.targets.map(({ expr }) => ({ name, expr })));
const marks = boards.flatMap(({ annotations }) => annotations.list);
const records = new Set(readRules().flatMap((rule) => rule.record ?? []));

/** Families whose rows name no account: those of the process, of groups and of the scrape. */
const WITHOUT_ACCOUNT =
  /^(process_|nodejs_|scrape_|cloudflare_interconnect_group_|cloudflare_interconnect_exporter_(api_request_duration|build_info|config_|http_|poll_lag|polls_in_flight|ready|scheduler_|time_seconds))/;

/** Every selector of an expression: name and matchers. */
function selectorsIn(expr: string): readonly { readonly name: string; readonly matchers: string }[] {
  return Array.from(expr.matchAll(/(?<name>[a-zA-Z_:][\w:]*)\{(?<matchers>[^}]*)\}/g), ({ groups }) => ({
    name: groups?.["name"] ?? "",
    matchers: groups?.["matchers"] ?? "",
  }));
}

test("the dashboards are those that `npm run dashboards` writes", () => {
  expect(files).toEqual(Object.keys(DASHBOARDS).toSorted());
  for (const [file, dashboard] of Object.entries(DASHBOARDS)) {
    expect(readFileSync(`${FOLDER}/${file}`, "utf8")).toBe(dashboardText(dashboard));
  }
});

test("uids, which alerts and bookmarks point at, do not change", () => {
  expect(Object.fromEntries(boards.map((board, index) => [files[index], board.uid]))).toEqual({
    "detail.json": "cloudflare-interconnect-detail",
    "exporter.json": "cloudflare-interconnect-exporter",
    "overview.json": "cloudflare-interconnect-overview",
  });
});

test.each(boards)("$uid is of a current schema, read-only, and has the variables", (board) => {
  expect(board.schemaVersion).toBeGreaterThanOrEqual(41);
  expect(board.editable).toBe(false);
  const variables = board.templating.list;
  expect(variables.map((variable) => variable.name)).toEqual(
    expect.arrayContaining(["datasource", "job", "instance", "account"]),
  );
  expect(variables[0]).toMatchObject({ name: "datasource", type: "datasource", query: "prometheus" });
  expect(variables.filter((variable) => variable.type === "query" && variable.refresh !== 2)).toEqual([]);
  expect(board.links.some((link) => link.url.includes("runbooks"))).toBe(true);
});

test.each(boards)("$uid has panels with ids of their own that do not overlap", ({ panels: all }) => {
  expect(new Set(all.map((panel) => panel.id)).size).toBe(all.length);
  const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...all.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
});

test.each(panels)(
  "$name has title, description, unit, queries and no datasource but the variable",
  ({ panel }) => {
    expect(panel.title).toMatch(/^[A-Z]/);
    expect(panel.description).toMatch(/\.$/);
    expect(panel.fieldConfig.defaults.unit).toMatch(/\w/);
    expect(panel.targets.length).toBeGreaterThan(0);
    for (const { datasource } of [panel, ...panel.targets]) {
      expect(datasource).toEqual({ type: "prometheus", uid: "${datasource}" });
    }
  },
);

test.each(panels)("$name says of which version it is", ({ panel }) => {
  expect(panel.pluginVersion).toMatch(/^\d+\.\d+\.\d+$/);
});

test("names in links are encoded, whatever is in them", () => {
  const fields = boards.flatMap((board) => JSON.stringify(board).match(/\$\{__data\.fields[^}]*\}/g) ?? []);
  expect(fields.length).toBeGreaterThan(0);
  expect(fields.filter((field) => !field.endsWith(":percentencode}"))).toEqual([]);
});

test("marks in the graphs come from the data source of the variable", () => {
  expect(marks).toHaveLength(boards.length);
  for (const { datasource } of marks)
    expect(datasource).toEqual({ type: "prometheus", uid: "${datasource}" });
});

test("panels are of types that Grafana brings along", () => {
  expect(new Set(panels.map(({ panel }) => panel.type))).toEqual(
    new Set(["stat", "state-timeline", "table", "timeseries"]),
  );
});

test.each(queries)("$name: every selector is bound to the variables: $expr", ({ expr }) => {
  const selectors = selectorsIn(expr);
  expect(selectors).not.toEqual([]);
  // A name of ours without a selector would escape the variables.
  expect(selectors.flatMap(({ name }) => namesIn(name))).toEqual(namesIn(expr));
  for (const { name, matchers } of selectors) {
    expect(matchers).toContain('job=~"$job');
    // Replicas are merged in records and alerts.
    const merged = name.includes(":") || name === "ALERTS";
    expect(merged || matchers.includes('instance=~"$instance"')).toBe(true);
    expect(WITHOUT_ACCOUNT.test(name) || matchers.includes('account=~"$account')).toBe(true);
  }
});

test.each(queries)(
  "$name: counters are read by rate or increase, over $__rate_interval or $__range: $expr",
  ({ expr }) => {
    const bare = expr.replaceAll(
      /\b(?:rate|increase)\([^()]*\{[^}]*\}\[\$__(?:rate_interval|range)\]\)/g,
      "",
    );
    expect(
      namesIn(bare).filter((name) => KNOWN_METRICS.has(name) && KNOWN_METRICS.get(name) !== "gauge"),
    ).toEqual([]);
    expect(bare).not.toContain("process_cpu_seconds_total");
    expect(bare).not.toContain("[");
  },
);

test("dashboards name only metrics and records that exist", () => {
  const named = [
    ...queries.map(({ expr }) => expr),
    ...boards.flatMap(({ templating }) => templating.list.map(({ query }) => query)),
  ];
  expect(named.flatMap(namesIn).filter((name) => !KNOWN_METRICS.has(name) && !records.has(name))).toEqual([]);
});

test("every query parses once its variables have values", async () => {
  const expressions = [...queries, ...marks].map(({ expr }) =>
    expr
      .replaceAll("$__rate_interval", "2m")
      .replaceAll("$__range", "1h")
      .replaceAll(/\$[a-z]+/g, "x"),
  );
  expect(await promqlProblems(expressions)).toBe("");
});
