import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { PROMETHEUS_VERSIONS } from "../helpers/prometheus-tools.ts";
import { runTool } from "../helpers/run-tool.ts";

interface Service {
  readonly image: string;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: unknown;
}

const compose: { readonly services: Readonly<Record<string, Service>>; readonly volumes: object } = parse(
  readFileSync("deploy/compose.yaml", "utf8"),
);
const services = Object.entries(compose.services);

// A chart's templates are no YAML yet.
const YAML_FILES = globSync(["deploy/**/*.yaml", "grafana/**/*.yaml"], {
  exclude: ["deploy/helm/templates/**"],
});
test.each(YAML_FILES)("%s is YAML without errors", (path) => {
  const documents = parseAllDocuments(readFileSync(path, "utf8"));
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
});

test.each(PROMETHEUS_VERSIONS)("promtool %s accepts prometheus.yaml with its rules", async (version) => {
  const { status, output } = await runTool(
    "promtool",
    ["check", "config", "deploy/prometheus/prometheus.yaml"],
    version,
  );
  expect(output).toContain("3 rule files found");
  expect(status).toBe(0);
});

test("compose.yaml mounts files that exist and volumes that it declares", () => {
  const sources = services
    .flatMap(([, service]) => service.volumes ?? [])
    .map((mount) => mount.split(":")[0] ?? "");
  const missing = sources.filter((source) =>
    source.startsWith(".") ? !existsSync(join("deploy", source)) : !(source in compose.volumes),
  );
  expect(missing).toEqual([]);
});

// The image of the exporter is built here, has no other tag, and brings its own health check.
test.each(services.filter(([name]) => name !== "exporter"))(
  "compose.yaml pins the image of %s and checks its health",
  (_name, service) => {
    expect(service.image).toMatch(/:v?\d+[.\d]*/);
    expect(service.healthcheck).toBeDefined();
  },
);

test("compose.yaml waits only for services that it has", () => {
  const awaited = services.flatMap(([, service]) => Object.keys(service.depends_on ?? {}));
  expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(awaited));
});

test("the configurations name services of compose.yaml and their ports", () => {
  const texts = ["prometheus/prometheus.yaml", "alertmanager/alertmanager.yaml", "compose.yaml"].map((path) =>
    readFileSync(join("deploy", path), "utf8"),
  );
  const names = texts
    .flatMap((text) =>
      Array.from(
        text.matchAll(/(?:http:\/\/|")(?<host>[a-z]+):\d{4,5}\b/g),
        (match) => match.groups?.["host"],
      ),
    )
    .filter((host) => host !== "localhost");
  expect(new Set(names)).toEqual(new Set(["alertmanager", "exporter", "inbox", "prometheus"]));
  expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(names));
});
