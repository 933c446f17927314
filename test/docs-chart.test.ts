import { existsSync, globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { chartFiles } from "../deploy/src/chart.ts";
import { readChartValues } from "../deploy/src/chart-values.ts";
import { FLAGS } from "../src/cli/flags.ts";
import { RULE_FILES } from "./helpers/rule-files.ts";

const read = (path: string): string => readFileSync(path, "utf8");
const text = read("deploy/helm/values.yaml");
const values = readChartValues(text);

test.each([...chartFiles()])("%s is what `npm run chart` writes", (path, written) => {
  expect(existsSync(path) ? read(path) : "").toBe(written);
});

test("the chart has no rules and dashboards but those of today", () => {
  const files = globSync("deploy/helm/files/**/*.*").map((path) => path.replaceAll("\\", "/"));
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((path) => !chartFiles().has(path))).toEqual([]);
});

// That the manifests are the chart's whole rendering is compared where Helm is: test/deploy/chart.test.ts.
test("the manifests have the rules of today: `npm run manifests`", () => {
  const path = "deploy/kubernetes/prometheus-operator.yaml";
  const rule = parseAllDocuments(read(path)).find((document) => document.get("kind") === "PrometheusRule");
  const groups: unknown[] = RULE_FILES.flatMap((file) => parse(read(file)).groups);
  expect(groups.length).toBeGreaterThan(2);
  expect(rule?.toJS().spec.groups).toEqual(groups);
});

test("the chart is released with the exporter, under its version", () => {
  const { version, appVersion } = parse(read("deploy/helm/Chart.yaml"));
  const own = JSON.parse(read("package.json")).version;
  expect([version, appVersion]).toEqual([own, own]);
});

test("the chart's defaults are the exporter's own", () => {
  const defaults = new Map(values.map((value) => [value.path.join("."), value.default]));
  expect(defaults.get("web.telemetryPath")).toBe(FLAGS["web.telemetry-path"].default);
  expect(`:${String(defaults.get("web.port"))}`).toBe(FLAGS["web.listen-address"].default);
  expect(defaults.get("log.level")).toBe(FLAGS["log.level"].default);
  expect(defaults.get("log.format")).toBe(FLAGS["log.format"].default);
});

test("a probe by a command starts the exporter as the image does", () => {
  const entrypoint = /^ENTRYPOINT (\[.*\])$/m.exec(read("Dockerfile"))?.[1];
  const helper = /define "exporter\.entrypoint" -\}\}\n(\[.*\])\n/.exec(
    read("deploy/helm/templates/_helpers.tpl"),
  );
  expect(helper?.[1]).toBe(entrypoint);
});

test("every value is used by a template, and no template uses another", () => {
  const templates = globSync("deploy/helm/templates/*").map(read).join("\n");
  const known = values.map(({ path }) => path.join("."));
  const unused = values.filter(({ path }) => !templates.includes(`.${path.at(-1)}`));
  expect(unused.map(({ path }) => path.join("."))).toEqual([]);
  const named = [...templates.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(50);
  const isKnown = (path: string): boolean =>
    known.some((each) => each === path || each.startsWith(`${path}.`) || path.startsWith(`${each}.`));
  expect(named.filter((path) => !isKnown(path))).toEqual([]);
});

test("a value without a description is an error that names it", () => {
  expect(() => readChartValues(text.replace("  # -- Its port\n", ""))).toThrow("service.port");
});
