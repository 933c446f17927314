import { describe, expect, test } from "vitest";
import { renderErrors, runHelm } from "../helpers/helm.ts";

const TOKEN = "v1.0-canary-of-a-secret";
const account = { name: "production", account_id: "023e105f4ecef8ad9ca31a8372d0c353" };
/** A configuration with one account that has this beside its name. */
const accountWith = (more: object): object => ({ config: { accounts: [{ ...account, ...more }] } });

/** Wrong values, with what Helm 4 and Helm 3 are to say of them: the path first. */
const REFUSED_BY_SCHEMA: readonly (readonly [values: object, helm4: string, helm3: string])[] = [
  [{ replicaCount: "two" }, "at '/replicaCount': got string, want integer", "replicaCount: Invalid type"],
  [{ replicas: 2 }, "additional properties 'replicas' not allowed", "Additional property replicas"],
  [
    { service: { prot: 80 } },
    "at '/service': additional properties 'prot'",
    "service: Additional property prot",
  ],
  [{ service: { port: 99_999 } }, "at '/service/port': maximum", "service.port: Must be less than"],
  [{ service: { port: null } }, "at '/service': missing property 'port'", "service: port is required"],
  [{ serviceMonitor: null }, "missing property 'serviceMonitor'", "serviceMonitor is required"],
  [
    { image: { pullPolicy: "Sometimes" } },
    "at '/image/pullPolicy': value must be one of",
    "image.pullPolicy: ",
  ],
  [{ image: { repository: "exporter:1.0" } }, "at '/image/repository': 'exporter:1.0'", "image.repository: "],
  [
    { log: { level: "verbose" } },
    "at '/log/level': value must be one of",
    "log.level: log.level must be one of",
  ],
  [{ extraArgs: ["web.max-requests=1"] }, "at '/extraArgs/0': ", "extraArgs.0: "],
  [
    { extraEnv: [{ value: "x" }] },
    "at '/extraEnv/0': missing property 'name'",
    "extraEnv.0: name is required",
  ],
  [
    { extraEnv: [{ name: "A", value: 5 }] },
    "at '/extraEnv/0/value': got number",
    "extraEnv.0.value: Invalid",
  ],
  [{ commonLabels: { team: 7 } }, "at '/commonLabels/team': got number", "commonLabels.team: Invalid type"],
  [
    { credentials: { secretName: "My_Secret" } },
    "at '/credentials/secretName': ",
    "credentials.secretName: ",
  ],
  [{ web: { telemetryPath: "/api/metrics" } }, "at '/web/telemetryPath': ", "web.telemetryPath: "],
  [{ web: { externalUrl: "https://a.example/?x" } }, "at '/web/externalUrl': ", "web.externalUrl: "],
  [{ prometheusRule: { jobs: "[" } }, "at '/prometheusRule/jobs': ", "prometheusRule.jobs: "],
  [{ persistence: { size: "lots" } }, "at '/persistence/size': ", "persistence.size: "],
  [
    { podDisruptionBudget: { maxUnavailable: "half" } },
    "at '/podDisruptionBudget/max",
    "podDisruptionBudget.max",
  ],
  [
    { resources: { limit: {} } },
    "at '/resources': additional properties 'limit'",
    "resources: Additional property",
  ],
  [
    { resources: { limits: { memory: "much" } } },
    "at '/resources/limits/memory': ",
    "resources.limits.memory: ",
  ],
  [
    { livenessProbe: { period: 5 } },
    "at '/livenessProbe': additional properties 'period'",
    "livenessProbe: Addit",
  ],
  [{ networkPolicy: { dnsPorts: ["53"] } }, "at '/networkPolicy/dnsPorts/0': ", "networkPolicy.dnsPorts.0: "],
  [{ fullnameOverride: "Circuits" }, "at '/fullnameOverride': ", "fullnameOverride: "],
  [{ config: { pol: {} } }, "at '/config': additional properties 'pol'", "config: Additional property pol"],
  [
    { config: { poll: { interval: 60 } } },
    "at '/config/poll/interval': got number",
    "config.poll.interval: ",
  ],
  [{ config: { poll: { interval: "1 min" } } }, "at '/config/poll/interval': ", "config.poll.interval: "],
  [
    accountWith({ account_id: "023e" }),
    "at '/config/accounts/0/account_id': ",
    "config.accounts.0.account_id: ",
  ],
];

describe("what the schema refuses", () => {
  test.each(REFUSED_BY_SCHEMA)("%j by Helm 4: %s", async (values, wanted) => {
    expect(await renderErrors(values)).toContain(wanted);
  });

  test("is what it refuses with Helm 3", async () => {
    const said = await Promise.all(
      REFUSED_BY_SCHEMA.map(
        async ([values, , wanted]) => [wanted, await renderErrors(values, "helm3")] as const,
      ),
    );
    expect(said.filter(([wanted, errors]) => !errors.includes(wanted))).toEqual([]);
  });
});

const FILE = "/run/secrets/cloudflare/token";

describe("what the templates refuse", () => {
  test.each([
    [{ image: { repository: "" } }, "image.repository: expected where you have pushed the image to"],
    [{ config: { accounts: [] } }, "config.accounts: expected at least one account"],
    [{ existingConfigMap: "mine" }, "existingConfigMap: expected either this or config, got both"],
    [accountWith({ api_token: TOKEN }), "config.accounts[0].api_token: expected ${VARIABLE}"],
    [
      accountWith({ api_email: "a@b.example", api_key: TOKEN }),
      "config.accounts[0].api_key: expected ${VARIABLE}",
    ],
    [
      { config: { api: { proxy_url: `http://user:${TOKEN}@proxy.example.com:3128` } } },
      "config.api.proxy_url: expected ${VARIABLE}",
    ],
    [
      { credentials: { secretName: "" } },
      `credentials.secretName: expected the Secret that has the key token`,
    ],
    [
      accountWith({ api_token_file: "token" }),
      `config.accounts[0].api_token_file: expected a whole path, such as ${FILE}, got token`,
    ],
    [{ web: { config: { tls: true } } }, "web.config.secretName: expected the Secret with the web config"],
    [
      { web: { config: { secretName: "web", clientCertificates: true } } },
      "web.config.tls: expected true, since web.config.clientCertificates is",
    ],
    [
      { extraArgs: ["--web.max-requests=80", "--web.route-prefix=/x"] },
      "extraArgs[1]: expected a flag that no other value stands for, got --web.route-prefix: web.routePrefix",
    ],
  ])("%j: %s", async (values, wanted) => {
    const errors = await renderErrors(values);
    expect(errors).toContain(wanted);
    expect(errors).not.toContain(TOKEN);
  });

  test("is told at once, not one after the other", async () => {
    const { code, stderr } = await runHelm(["template", "cni", "deploy/helm"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("\nimage.repository: ");
    expect(stderr).toContain("\nconfig.accounts: ");
  });
});

test("values that a chart which depends on this one adds are taken", async () => {
  expect(await renderErrors({ enabled: true, global: { imageRegistry: "x" } })).toBe("");
});
