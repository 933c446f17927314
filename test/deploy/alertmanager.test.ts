import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { readRules } from "../helpers/rule-files.ts";
import { PROMETHEUS_VERSIONS, type PrometheusVersion } from "../helpers/prometheus-tools.ts";
import { runTool } from "../helpers/run-tool.ts";

const CONFIG = "deploy/alertmanager/alertmanager.yaml";

interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

const { inhibit_rules: inhibitRules }: { readonly inhibit_rules: readonly InhibitRule[] } = parse(
  readFileSync(CONFIG, "utf8"),
);
const alertNames = [...new Set(readRules().flatMap((rule) => rule.alert ?? []))];

/** The alerts that a list of matchers lets through, by name alone. */
function alertsMatching(matchers: readonly string[]): readonly string[] {
  const matcher = matchers.find((text) => text.startsWith("alertname"));
  const pattern = /^alertname=~?"(?<pattern>.*)"$/.exec(matcher ?? "")?.groups?.["pattern"];
  return alertNames.filter((name) => new RegExp(`^(?:${pattern})$`).test(name));
}

/** What tells environments apart: on both sides or on none. */
const ENVIRONMENT = ["cluster", "env", "environment", "region", "namespace", "prometheus"];

/** Labels that every instance of an alert carries. `job` is Prometheus's own; `group` only where a matcher asks for it. */
function alwaysCarries(alert: string, matchers: readonly string[], label: string): boolean {
  if (label === "job") return true;
  if (label === "group") return alert.includes("Group") || matchers.includes('group=~".+"');
  return label === "account" && !/Group|ExporterDown|ReloadFailed|SchedulerStalled/.test(alert);
}

describe.each(PROMETHEUS_VERSIONS)("amtool %s", (version) => {
  test("check-config accepts configuration and templates", async () => {
    const { status, output } = await runTool("amtool", ["check-config", CONFIG], version);
    expect(output).toContain("1 templates");
    expect(status).toBe(0);
  });

  test.each([
    ["pager", "alertname=CloudflareInterconnectDown severity=critical account=prod"],
    ["tickets", "alertname=CloudflareInterconnectDown severity=warning group=newyork"],
    ["pager", "alertname=CloudflareInterconnectGroupBelowMinimum severity=critical group=newyork"],
    ["pager", "alertname=CloudflareInterconnectExporterDown severity=critical"],
    ["chat", "alertname=CloudflareInterconnectNotAsExpected severity=info"],
    ["tickets", "alertname=SomethingElse"],
  ])("config routes test sends to %s: %s", async (receiver, labels) => {
    const args = ["config", "routes", "test", `--config.file=${CONFIG}`, `--verify.receivers=${receiver}`];
    const { status, output } = await runTool("amtool", [...args, ...labels.split(" ")], version);
    expect({ status, output }).toMatchObject({ status: 0 });
  });

  test("the message shows state, reason, since, circuit and runbook", async () => {
    const output = await render(version, [FIRING]);
    expect(output).toBe(
      [
        "[FIRING 1] critical: CloudflareInterconnectDown ewr1 (prod, ewr01)",
        "FIRING: Interconnect is Down.",
        "What happened.",
        "Interconnect: ewr1",
        "State: Down",
        "Reason: no light detected (no_light)",
        "Since: 2026-11-22 19:58:00 +0000 UTC, alert 2026-11-22 20:00:00 UTC",
        "Circuit: circuit_id=XC-20417",
        "Runbook: http://noc:13335/runbooks/CloudflareInterconnectDown",
        "What the reason means: http://noc:13335/runbooks/reason-no_light",
        "This circuit: http://noc:13335/interconnects/prod/ewr1",
      ].join("\n"),
    );
  });

  test("the message of an alert without a circuit has no empty lines for one", async () => {
    const output = await render(version, [EXPORTER_DOWN]);
    expect(output).toBe(
      [
        "[FIRING 1] critical: CloudflareInterconnectExporterDown",
        "FIRING: Interconnect exporter is down.",
        "What happened.",
        "Since: 2026-11-22 20:00:00 UTC",
        "First steps:",
        "1. Does it run?",
      ].join("\n"),
    );
  });
});

test.each(inhibitRules)(
  "inhibition by $source_matchers.0 names only labels that both sides carry",
  (rule) => {
    const sources = alertsMatching(rule.source_matchers);
    const targets = alertsMatching(rule.target_matchers);
    expect(sources).not.toEqual([]);
    expect(targets).not.toEqual([]);
    expect(sources.filter((name) => targets.includes(name))).toEqual([]);
    expect(rule.equal).toEqual(expect.arrayContaining(ENVIRONMENT));
    const own = rule.equal.filter((label) => !ENVIRONMENT.includes(label));
    const missing = own.flatMap((label) =>
      sources
        .filter((name) => !alwaysCarries(name, rule.source_matchers, label))
        .concat(targets.filter((name) => !alwaysCarries(name, rule.target_matchers, label))),
    );
    expect(missing).toEqual([]);
  },
);

test("secrets of receivers come from files", () => {
  const text = readFileSync(CONFIG, "utf8");
  expect(text).not.toMatch(/\b(auth_password|routing_key|service_key|api_url|password|credentials):/);
});

const FIRING = {
  status: "firing",
  startsAt: "2026-11-22T20:00:00Z",
  endsAt: "0001-01-01T00:00:00Z",
  labels: {
    alertname: "CloudflareInterconnectDown",
    severity: "critical",
    account: "prod",
    interconnect: "ewr1",
    interconnect_site: "ewr01",
    state: "Down",
  },
  annotations: {
    summary: "Interconnect is Down.",
    description: "What happened.",
    reason: "no light detected (no_light)",
    since: "2026-11-22 19:58:00 +0000 UTC",
    circuit: "circuit_id=XC-20417 ",
    runbook_url: "http://noc:13335/runbooks/CloudflareInterconnectDown",
    reason_runbook_url: "http://noc:13335/runbooks/reason-no_light",
    circuit_url: "http://noc:13335/interconnects/prod/ewr1",
  },
};
const EXPORTER_DOWN = {
  ...FIRING,
  labels: { alertname: "CloudflareInterconnectExporterDown", severity: "critical" },
  annotations: {
    summary: "Interconnect exporter is down.",
    description: "What happened.",
    first_steps: "1. Does it run?",
    // Nobody knows where it was.
    runbook_url: "",
  },
};

/** Title and text as Alertmanager would send them, without trailing blanks. */
async function render(
  version: PrometheusVersion,
  alerts: readonly (typeof FIRING | typeof EXPORTER_DOWN)[],
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "alertmanager-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const data = join(directory, "data.json");
  writeFileSync(
    data,
    JSON.stringify({
      receiver: "pager",
      status: "firing",
      alerts,
      groupLabels: {},
      commonLabels: alerts[0]?.labels,
      commonAnnotations: {},
      externalURL: "http://localhost:9093",
    }),
  );
  const args = [
    "template",
    "render",
    "--template.glob=deploy/alertmanager/templates/*.tmpl",
    `--template.data=${data}`,
  ];
  const text =
    '{{ template "cloudflare_interconnect.title" . }}\n{{ template "cloudflare_interconnect.text" . }}';
  const { output } = await runTool("amtool", [...args, `--template.text=${text}`], version);
  return output.replaceAll(/ +$/gm, "").trim();
}
