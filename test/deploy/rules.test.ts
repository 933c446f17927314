import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { LINK_STATES } from "../../src/domain/link-state.ts";
import { currentCatalogue } from "../../docs/src/metrics-page.ts";
import { promqlProblems } from "../helpers/promql-problems.ts";
import { namesIn, readRules, RULE_FILES } from "../helpers/rule-files.ts";
import { PROMETHEUS_VERSIONS } from "../helpers/prometheus-tools.ts";
import { runTool } from "../helpers/run-tool.ts";

/** The exporter's own families with their types. */
const KNOWN_METRICS = new Map(currentCatalogue().map(({ name, type }) => [name, type]));
const rules = readRules();
const alerts = rules.filter((rule) => rule.alert !== undefined);
const alertNames = new Set(alerts.map((rule) => rule.alert ?? ""));
const records = new Set(rules.flatMap((rule) => rule.record ?? []));

describe.each(PROMETHEUS_VERSIONS)("promtool %s", (version) => {
  test("check rules finds nothing to complain of", async () => {
    const { status, output } = await runTool(
      "promtool",
      ["check", "rules", "--lint=all", "--lint-fatal", ...RULE_FILES],
      version,
    );
    expect(output).not.toContain("FAILED");
    expect(status).toBe(0);
  });

  test.concurrent.each(globSync("test/deploy/rules/*.test.yaml").toSorted())(
    "rules pass %s",
    { timeout: 400_000 },
    async (path) => {
      const { status, output } = await runTool("promtool", ["test", "rules", path], version);
      expect(output).not.toContain("FAILED");
      expect(status).toBe(0);
    },
  );
});

test("every alert is seen firing in a test of the rules", () => {
  const tests = globSync("test/deploy/rules/*.test.yaml")
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  const unseen = [...alertNames].filter(
    (name) => !new RegExp(`alertname[=:] ?"?${name}"?(?:,alertstate="firing"|\\n|,severity)`).test(tests),
  );
  expect(unseen).toEqual([]);
});

test("the rules name only metrics that exist, and records that are recorded", () => {
  const named = rules.flatMap((rule) =>
    [rule.expr, ...Object.values(rule.annotations ?? {})].flatMap(namesIn),
  );
  expect(named.filter((name) => !(name.includes(":") ? records.has(name) : KNOWN_METRICS.has(name)))).toEqual(
    [],
  );
});

test("every record is read by a rule or by a dashboard", () => {
  const dashboards = globSync("grafana/dashboards/*.json").map((path) => readFileSync(path, "utf8"));
  const read = new Set(
    [
      ...dashboards,
      ...rules.map((rule) => rule.expr),
      ...alerts.flatMap((rule) => Object.values(rule.annotations ?? {})),
    ].flatMap(namesIn),
  );
  expect([...records].filter((record) => !read.has(record))).toEqual([]);
});

test.each(alerts)(
  "$alert is named and labelled as users and Alertmanager expect, with no value in a label",
  (rule) => {
    expect(rule.alert).toMatch(/^CloudflareInterconnect[A-Z][A-Za-z]+$/);
    expect(Object.keys(rule.labels ?? {})).toEqual(["severity"]);
    expect(rule.labels?.["severity"]).toMatch(
      /^(critical|warning|info|\{\{ if \$labels\.group \}\}warning\{\{ else \}\}critical\{\{ end \}\})$/,
    );
  },
);

test.each(alerts)(
  "$alert has a static summary, a description and its runbook, served by the exporter",
  (rule) => {
    const { summary, description, runbook_url: runbook } = rule.annotations ?? {};
    expect(summary).toMatch(/^[A-Z][^{}]+\.$/);
    expect(description).toMatch(/\.$/);
    expect(runbook).toContain("last_over_time(%s[1d])");
    expect(runbook).toContain(`.Labels.external_url }}/runbooks/${rule.alert} {{- end -}}`);
  },
);

test("every alert of one circuit links to its page, and of a group or an account's data to the wall", () => {
  for (const { alert, expr, annotations } of alerts) {
    const isOfOne = expr.includes("account_interconnect:cloudflare_interconnect_info:circuit");
    expect([alert, annotations?.["circuit_url"] !== undefined]).toEqual([alert, isOfOne]);
    const isOfSome = /Group|DataStale/.test(alert ?? "");
    expect([alert, annotations?.["wall_url"] !== undefined]).toEqual([alert, isOfSome]);
  }
});

test("alerts on an exporter that cannot serve its runbooks carry the first steps of theirs", () => {
  const dead = alerts.filter(({ alert }) => /ExporterDown|SchedulerStalled/.test(alert ?? ""));
  expect(dead).toHaveLength(3);
  for (const { annotations } of dead) expect(annotations?.["first_steps"]).toMatch(/^1\. .*\n2\. .*\n3\. /);
});

test("no file that is shipped holds a host to be replaced by one's own", () => {
  const files = globSync([
    "deploy/prometheus/**/*.yaml",
    "deploy/alertmanager/**/*.tmpl",
    "grafana/{src,dashboards}/*",
  ]);
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((path) => /example\.(?:com|net|org)/.test(readFileSync(path, "utf8")))).toEqual([]);
});

test("no expression reads the reason, whose text would restart an alert", () => {
  expect(rules.filter((rule) => rule.expr.includes("reason_info"))).toEqual([]);
});

test("every alert has its runbook, and every runbook its alert or reason class", () => {
  const runbooks = globSync("docs/runbooks/*.md").map((path) => basename(path, ".md"));
  expect(runbooks.filter((name) => name.startsWith("CloudflareInterconnect")).toSorted()).toEqual(
    [...alertNames].toSorted(),
  );
  expect(runbooks.filter((name) => !name.startsWith("CloudflareInterconnect")).toSorted()).toEqual(
    REASON_CLASSES.map((name) => `reason-${name}`).toSorted(),
  );
});

const REASON_CLASSES = [
  "no_light",
  "low_light",
  "no_ethernet",
  "admin_down",
  "cross_connect",
  "device",
  "maintenance",
  "other",
  "none",
] as const;

test("the reason's runbook is linked for exactly the classes that have one", () => {
  const template = alerts.find((rule) => rule.alert === "CloudflareInterconnectDown")?.annotations?.[
    "reason_runbook_url"
  ];
  expect(template).toContain(`"^(${REASON_CLASSES.join("|")})$"`);
});

test("every state of the API but Healthy has an alert that reads it", () => {
  const expressions = alerts.map((rule) => rule.expr).join("\n");
  for (const state of LINK_STATES) expect(expressions).toContain(`state="${state}"`);
});

test.each(globSync("docs/runbooks/*.md"))(
  "%s names metrics that exist, and has what is needed at night",
  (path) => {
    const text = readFileSync(path, "utf8");
    expect(namesIn(text).filter((name) => !KNOWN_METRICS.has(name) && !records.has(name))).toEqual([]);
    for (const heading of ["What it means", "What it does not mean", "First three checks", "Confirm"]) {
      expect(text).toContain(`\n## ${heading}\n`);
    }
    expect(text).toContain("\n## What to give Cloudflare's support\n");
    expect(text.match(/^\d\. /gm)).toEqual(["1. ", "2. ", "3. "]);
  },
);

test("every PromQL block of the runbooks parses", async () => {
  const blocks = globSync("docs/runbooks/*.md").flatMap((path) =>
    Array.from(
      readFileSync(path, "utf8").matchAll(/```promql\n(?<query>[^`]+)```/g),
      (match) => match.groups?.["query"] ?? "",
    ),
  );
  expect(blocks.length).toBeGreaterThan(40);
  expect(await promqlProblems(blocks)).toBe("");
});
