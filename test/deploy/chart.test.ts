import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { manifestFiles, MANIFEST_RELEASE, MANIFEST_VALUES } from "../../deploy/src/manifests.ts";
import { type KubernetesObject, objectsIn, renderChart, renderText, runHelm } from "../helpers/helm.ts";
import { kubernetesProblems } from "../helpers/kubernetes-check.ts";
import { parseConfig } from "../../src/config/load.ts";
import { PROMETHEUS_VERSIONS } from "../helpers/prometheus-tools.ts";
import { RULE_FILES } from "../helpers/rule-files.ts";
import { runTool } from "../helpers/run-tool.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

const VALUE_SETS = globSync("deploy/helm/ci/*-values.yaml").toSorted();
const nameOf = (path: string): string => basename(path, "-values.yaml");

/** The objects of each value set, by its name. */
const renderings = new Map<string, readonly KubernetesObject[]>();
beforeAll(async () => {
  await Promise.all(VALUE_SETS.map(async (path) => renderings.set(nameOf(path), await renderChart([path]))));
});

/** The only object of a kind. */
function only(set: string, kind: string): KubernetesObject {
  const [object, ...others] = (renderings.get(set) ?? []).filter((each) => each.kind === kind);
  if (object === undefined || others.length > 0)
    throw new Error(`Expected one ${kind} with ${set}, got ${others.length + 1}`);
  return object;
}

/** The exporter's configuration. */
function configIn(objects: readonly KubernetesObject[]): string {
  const config = objects.find(({ metadata }) => metadata.name.endsWith("-config"));
  return (config?.["data"] as Record<string, string> | undefined)?.["config.yaml"] ?? "";
}

test.each(["deploy/helm/values.yaml", ...VALUE_SETS])(
  "helm lint --strict finds nothing to complain of with %s",
  async (path) => {
    const { code, stdout } = await runHelm(["lint", "--strict", "deploy/helm", "--values", path]);
    expect(stdout).toContain("0 chart(s) failed");
    expect(code).toBe(0);
  },
);

test("Kubernetes would take every field and value of every rendering and manifest", async () => {
  const objects = [...renderings.values()].flat();
  expect(VALUE_SETS.length).toBeGreaterThanOrEqual(8);
  expect(new Set(objects.map(({ kind }) => kind))).toEqual(
    new Set([
      "ConfigMap",
      "NetworkPolicy",
      "PodDisruptionBudget",
      "PrometheusRule",
      "Service",
      "ServiceAccount",
      "ServiceMonitor",
      "StatefulSet",
    ]),
  );
  // Names that YAML would take for numbers, and labels that the chart has itself.
  const labels = { "app.kubernetes.io/name": "other", "helm.sh/chart": "other", team: "7" };
  await using folder = await createTempFolder({
    "values.json": JSON.stringify({
      nameOverride: "1",
      commonLabels: labels,
      podLabels: labels,
      priorityClassName: "1e3",
      credentials: { secretName: "0777" },
      web: { config: { secretName: "1.5", key: "2", tls: true } },
      persistence: { enabled: true, storageClass: "3" },
      service: { labels },
      serviceAccount: { name: "4" },
      serviceMonitor: { enabled: true, namespace: "5", labels },
      prometheusRule: { enabled: true, namespace: "6", labels },
      dashboards: { enabled: true, namespace: "7", labels },
    }),
  });
  const files = ["deploy/helm/ci/minimal-values.yaml", join(folder.path, "values.json")];
  const numbers = await renderChart(files, { release: "8" });
  const manifests = globSync("deploy/kubernetes/*.yaml", { exclude: ["**/values.yaml"] });
  expect(manifests.length).toBe(2);
  const plain = manifests.flatMap((path) => objectsIn(readFileSync(path, "utf8")));
  expect(await kubernetesProblems([...objects, ...numbers, ...plain])).toEqual([]);
});

test("a misspelt field and a wrong quantity would be found", async () => {
  const text = JSON.stringify(only("minimal", "StatefulSet"));
  const wrong = text.replace('"readinessProbe"', '"readinesProbe"').replace('"256Mi"', '"much"');
  const problems = await kubernetesProblems([JSON.parse(wrong)]);
  expect(problems.join("\n")).toContain("readinesProbe");
  expect(problems.join("\n")).toContain("memory");
});

test("Helm 3 renders what Helm 4 does", async () => {
  const files = ["deploy/helm/ci/monitoring-values.yaml"];
  const old = await renderText(files, { version: "helm3" });
  expect(old).toBe(await renderText(files));
});

test("deploy/kubernetes is what `npm run manifests` writes", async () => {
  const written = manifestFiles(await renderText([MANIFEST_VALUES], { release: MANIFEST_RELEASE }));
  for (const [path, text] of written) expect([path, readFileSync(path, "utf8")]).toEqual([path, text]);
});

test.each([
  ["tls", "https://localhost:13335/", "create secret generic cloudflare-token --from-file=token"],
  ["reverse-proxy", "http://localhost:13335/cni/", "service/cni-cloudflare-interconnect-exporter 13335:80\n"],
  [
    "existing-configmap",
    "set serviceMonitor.enabled",
    "cni-cloudflare-interconnect-exporter.default.svc:13335/metrics",
  ],
])("after an installation with %s one is told where to look: %s", async (set, ...wanted) => {
  const values = ["--values", `deploy/helm/ci/${set}-values.yaml`];
  const { stdout } = await runHelm(["install", "cni", "deploy/helm", ...values, "--dry-run=client"]);
  const [, notes = ""] = stdout.split("\nNOTES:\n");
  for (const text of wanted) expect(notes).toContain(text);
});

describe("the configuration", () => {
  test.each(VALUE_SETS.map(nameOf).filter((set) => set !== "existing-configmap"))(
    "of %s is one that the exporter takes",
    async (set) => {
      const text = configIn(renderings.get(set) ?? []);
      const env = {
        ACCOUNT_ID: "023e105f4ecef8ad9ca31a8372d0c353",
        CLOUDFLARE_API_TOKEN: "token",
        PROXY_USER: "user",
        PROXY_PASSWORD: "password",
      };
      const readable = text.replace(/api_token_file: .*/, "api_token: token");
      expect(await parseConfig(readable, { file: "config.yaml", env })).toMatchObject({ ok: true });
    },
  );

  test("may be all of config.example.yaml", async () => {
    const config: unknown = parse(readFileSync("config.example.yaml", "utf8"));
    await using folder = await createTempFolder({ "values.json": JSON.stringify({ config }) });
    const files = ["deploy/helm/ci/minimal-values.yaml", join(folder.path, "values.json")];
    expect(parse(configIn(await renderChart(files)))).toEqual(config);
  });

  test("is taken up without a restart: another one changes the ConfigMap alone", async () => {
    const files = ["deploy/helm/ci/minimal-values.yaml"];
    const before = await renderChart(files);
    const after = await renderChart(files, { args: ["--set", "config.poll.interval=30s"] });
    const changed = after.filter((object, index) => JSON.stringify(object) !== JSON.stringify(before[index]));
    expect(changed.map(({ kind }) => kind)).toEqual(["ConfigMap"]);
  });
});

test("the dashboards are those of grafana/", () => {
  const shown = (renderings.get("monitoring") ?? []).flatMap(({ metadata, data }) =>
    metadata.labels?.["grafana_dashboard"] === "1" ? Object.entries(data as Record<string, string>) : [],
  );
  const own = globSync("grafana/dashboards/*.json").map((path) => [
    `cloudflare-interconnect-${basename(path)}`,
    JSON.parse(readFileSync(path, "utf8")),
  ]);
  expect(own.length).toBe(3);
  const parsed = shown.map(([name, text]) => [name, JSON.parse(text)] as const);
  expect(Object.fromEntries(parsed)).toEqual(Object.fromEntries(own));
});

describe("the rules", () => {
  interface Spec {
    readonly groups: readonly unknown[];
  }
  const groups = RULE_FILES.flatMap((path) => (parse(readFileSync(path, "utf8")) as Spec).groups);
  const specOf = (set: string): Spec => only(set, "PrometheusRule")["spec"] as Spec;

  test.each(PROMETHEUS_VERSIONS)("of every rendering pass promtool check rules %s", async (version) => {
    const sets = [...renderings].filter(([, objects]) =>
      objects.some(({ kind }) => kind === "PrometheusRule"),
    );
    expect(sets.length).toBeGreaterThan(1);
    await using folder = await createTempFolder(
      Object.fromEntries(sets.map(([set]) => [`${set}.yaml`, JSON.stringify(specOf(set))])),
    );
    const paths = sets.map(([set]) => join(folder.path, `${set}.yaml`));
    const { status, output } = await runTool(
      "promtool",
      ["check", "rules", "--lint=all", "--lint-fatal", ...paths],
      version,
    );
    expect([status, output]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });

  test("are those of deploy/prometheus", () => {
    expect(specOf("monitoring").groups).toEqual(groups);
  });

  test("know the release's own job, whatever its name is", () => {
    const own = JSON.stringify(specOf("names").groups);
    const { name } = only("names", "Service").metadata;
    expect(name).toBe("circuits");
    expect(own).toContain(String.raw`up{job=~\"cni-.+|circuits\"}`);
    expect(own).not.toContain(".*cloudflare-interconnect.*");
  });
});
