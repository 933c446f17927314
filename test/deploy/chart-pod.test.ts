import { globSync } from "node:fs";
import { basename } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { FLAGS } from "../../src/cli/flags.ts";
import { type KubernetesObject, renderChart } from "../helpers/helm.ts";

interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  };
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
  }[];
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string; readonly scheme: string };
  readonly exec?: { readonly command: readonly string[] };
  readonly tcpSocket?: unknown;
}

interface Pod {
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly automountServiceAccountToken: boolean;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly topologySpreadConstraints: readonly { readonly labelSelector: unknown }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly secret?: { readonly defaultMode: number };
    readonly emptyDir?: unknown;
  }[];
}

interface StatefulSet {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: Pod;
  };
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
}

/** What is looked at in the specifications. */
interface Specs {
  readonly StatefulSet: StatefulSet;
  readonly Service: { readonly selector: unknown };
  readonly ServiceMonitor: {
    readonly namespaceSelector?: unknown;
    readonly endpoints: readonly { readonly path: string; readonly scheme: string }[];
  };
  readonly NetworkPolicy: {
    readonly egress: readonly {
      readonly to?: unknown;
      readonly ports: readonly { readonly port: number }[];
    }[];
  };
}

/** Its name, which is its host's. */
const FIRST_POD = "cni-cloudflare-interconnect-exporter-0";

const SETS = globSync("deploy/helm/ci/*-values.yaml")
  .map((path) => basename(path, "-values.yaml"))
  .toSorted();
const renderings = new Map<string, readonly KubernetesObject[]>();
beforeAll(async () => {
  await Promise.all(
    SETS.map(async (set) => {
      renderings.set(set, await renderChart([`deploy/helm/ci/${set}-values.yaml`]));
    }),
  );
});

function specOf<Kind extends keyof Specs>(set: string, kind: Kind): Specs[Kind] {
  const object = (renderings.get(set) ?? []).find((each) => each.kind === kind);
  if (object === undefined) throw new Error(`Expected a ${kind} with ${set}`);
  return object["spec"] as Specs[Kind];
}

const podOf = (set: string): Pod => specOf(set, "StatefulSet").template.spec;

const selectorsOf = (set: string): readonly unknown[] =>
  podOf(set).topologySpreadConstraints.map(({ labelSelector }) => labelSelector);

function exporterOf(set: string): Container {
  const exporter = podOf(set).containers.find(({ name }) => name === "exporter");
  if (exporter === undefined) throw new Error("Expected a container called exporter");
  return exporter;
}

describe.each(SETS)("the pod of %s", (set) => {
  test("holds the restricted Pod Security Standard, with a root that nobody writes to", () => {
    const pod = podOf(set);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const { securityContext } of [...(pod.initContainers ?? []), ...pod.containers]) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  test("mounts folders alone, each once, from volumes that it has; Secrets for the group alone", () => {
    const { volumes } = podOf(set);
    const { volumeClaimTemplates = [] } = specOf(set, "StatefulSet");
    const { volumeMounts } = exporterOf(set);
    const names = [
      ...volumes.map(({ name }) => name),
      ...volumeClaimTemplates.map(({ metadata }) => metadata.name),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(
      volumeMounts.filter(({ name, subPath }) => !names.includes(name) || subPath !== undefined),
    ).toEqual([]);
    const paths = volumeMounts.map(({ mountPath }) => mountPath);
    expect(paths.filter((path) => paths.some((other) => path.startsWith(`${other}/`)))).toEqual([]);
    const modes = volumes.flatMap(({ secret }) => secret?.defaultMode ?? []);
    expect(modes.filter((mode) => mode !== 0o440)).toEqual([]);
  });

  test("is given arguments that the exporter takes, and finds its files where they are mounted", () => {
    const { args = [], volumeMounts } = exporterOf(set);
    const parsed = parseCommandLine(args, FIRST_POD);
    expect(parsed).toMatchObject({ command: "run", autoReloadEveryMs: 5000 });
    const mounts = volumeMounts.map(({ mountPath }) => mountPath);
    const files = [parsed.configFile, parsed.webConfigFile].filter((file) => file !== undefined);
    expect(files.filter((file) => !mounts.some((mount) => file.startsWith(`${mount}/`)))).toEqual([]);
    expect(mounts).toContain(parsed.storagePath);
  });

  test("is chosen by the Service, the budget of disruptions and the network policy", () => {
    const { template, selector } = specOf(set, "StatefulSet");
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    expect(specOf(set, "Service").selector).toEqual(selector.matchLabels);
    const others = (renderings.get(set) ?? []).filter(({ kind }) =>
      ["NetworkPolicy", "PodDisruptionBudget"].includes(kind),
    );
    for (const { spec } of others as readonly { readonly spec?: Record<string, unknown> }[]) {
      expect(spec?.["podSelector"] ?? spec?.["selector"]).toEqual(selector);
    }
  });
});

describe("the probes", () => {
  test("ask by HTTP where the routes are", () => {
    const { livenessProbe, readinessProbe } = exporterOf("minimal");
    expect(livenessProbe.httpGet).toEqual({ path: "/-/healthy", port: "http", scheme: "HTTP" });
    expect(readinessProbe.httpGet).toEqual({ path: "/-/ready", port: "http", scheme: "HTTP" });
  });

  test("ask by HTTPS under TLS, exempt from passwords", () => {
    const { livenessProbe, args } = exporterOf("tls");
    expect(livenessProbe.httpGet).toMatchObject({ scheme: "HTTPS" });
    expect(args).toContain("--web.auth-exempt-health");
  });

  test("run the command where a client needs a certificate, told where to ask", () => {
    const { livenessProbe, readinessProbe, args = [] } = exporterOf("client-certificates");
    expect(readinessProbe.exec).toEqual(livenessProbe.exec);
    const command = livenessProbe.exec?.command ?? [];
    const flags = parseCommandLine(command.slice(command.indexOf("healthcheck")));
    const daemon = parseCommandLine(args);
    expect(flags.command).toBe("healthcheck");
    for (const key of ["listenAddresses", "webConfigFile", "site"] as const)
      expect(flags[key]).toEqual(daemon[key]);
  });

  test("follow the path of a reverse proxy as the exporter does, and leave one's own alone", () => {
    const { livenessProbe, readinessProbe, args = [] } = exporterOf("reverse-proxy");
    const { routePrefix } = parseCommandLine(args).site;
    expect(routePrefix).toBe("/cni");
    expect(livenessProbe.httpGet?.path).toBe(`${routePrefix}/-/healthy`);
    expect([readinessProbe.httpGet, readinessProbe.tcpSocket]).toEqual([undefined, { port: "http" }]);
  });
});

describe("the ServiceMonitor", () => {
  test("scrapes where the metrics are, by the scheme that is spoken there", () => {
    const { args = [] } = exporterOf("reverse-proxy");
    const { site, telemetryPath } = parseCommandLine(args);
    expect(specOf("reverse-proxy", "ServiceMonitor").endpoints[0]).toMatchObject({
      path: `${site.routePrefix}${telemetryPath}`,
      scheme: "http",
    });
    expect(specOf("tls", "ServiceMonitor").endpoints[0]).toMatchObject({
      path: FLAGS["web.telemetry-path"].default,
      scheme: "https",
    });
  });

  test("finds the Service also from another namespace", () => {
    expect(specOf("monitoring", "ServiceMonitor").namespaceSelector).toEqual({
      matchNames: ["default"],
    });
    expect(specOf("tls", "ServiceMonitor").namespaceSelector).toBeUndefined();
  });
});

test("the network policy lets out to DNS, the API and the proxy of the configuration alone", () => {
  const { egress } = specOf("environment", "NetworkPolicy");
  expect(egress.map(({ to, ports }) => [to !== undefined, ports.map(({ port }) => port)])).toEqual([
    [false, [53, 53]],
    [false, [443, 3128]],
    [true, [9418]],
  ]);
});

test("several pods share one budget, each knowing which one it is; one alone needs not", () => {
  const { args = [] } = exporterOf("replicas");
  const pods = ["cni-cloudflare-interconnect-exporter-1", "cni-cloudflare-interconnect-exporter-2"];
  const replicas = [FIRST_POD, ...pods].map((host) => parseCommandLine(args, host).replica);
  expect(replicas).toEqual([1, 2, 3].map((index) => ({ index, count: 3 })));
  expect(parseCommandLine(exporterOf("minimal").args ?? [], FIRST_POD).replica).toBeUndefined();
});

test("each pod has a volume of its own, or one that outlives its container", () => {
  expect(specOf("replicas", "StatefulSet").volumeClaimTemplates).toHaveLength(1);
  expect(podOf("minimal").volumes.find(({ name }) => name === "storage")?.emptyDir).toBeDefined();
});

test("a labelSelector is added to the spread of replicas where there is none", () => {
  const { selector } = specOf("minimal", "StatefulSet");
  expect(selectorsOf("minimal")).toEqual([selector, selector]);
  expect(selectorsOf("replicas")).toEqual([{ matchLabels: { "app.kubernetes.io/part-of": "network" } }]);
});
