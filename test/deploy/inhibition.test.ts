import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { startAlertmanager } from "../helpers/alertmanager-process.ts";
import { PROMETHEUS_VERSIONS } from "../helpers/prometheus-tools.ts";
import { until } from "../helpers/until.ts";

const FOLDER = "deploy/alertmanager";
const TEMPLATE = "templates/cloudflare-interconnect.tmpl";

/** The shipped files, as a real Alertmanager takes them. */
const FILES = {
  "alertmanager.yml": readFileSync(`${FOLDER}/alertmanager.yaml`, "utf8"),
  [TEMPLATE]: readFileSync(`${FOLDER}/${TEMPLATE}`, "utf8"),
};

test.each(PROMETHEUS_VERSIONS)(
  "Alertmanager %s has nothing to warn of in the shipped configuration",
  async (version) => {
    await using alertmanager = await startAlertmanager({ version, files: FILES });
    const lines = alertmanager.log().split("\n");
    expect(lines.some((line) => /level=info/i.test(line))).toBe(true);
    expect(lines.filter((line) => /level=(?:warn|error)/i.test(line))).toEqual([]);
  },
);

type Labels = Readonly<Record<string, string>>;

/** An alert of the rules, by its name without `CloudflareInterconnect`, of the only job. */
function alertOf(name: string, labels: Labels): Labels {
  return { alertname: `CloudflareInterconnect${name}`, job: "cni", ...labels };
}

const GROUP_PAGE = { severity: "critical", group: "newyork" };
const MEMBER = {
  severity: "warning",
  group: "newyork",
  account: "prod",
  interconnect: "ewr1",
  state: "Down",
};
/** Each source of a rule with what it silences. */
const PAIRS: readonly (readonly [source: Labels, target: Labels])[] = [
  [alertOf("GroupBelowMinimum", GROUP_PAGE), alertOf("Down", MEMBER)],
  [alertOf("GroupBelowMinimum", GROUP_PAGE), alertOf("GroupUncertain", { group: "newyork" })],
  [alertOf("Down", MEMBER), alertOf("GroupWithoutRedundancy", { group: "newyork" })],
  [alertOf("AuthFailing", { account: "prod" }), alertOf("DataStale", { account: "prod" })],
  [alertOf("SchedulerStalled", { severity: "critical" }), alertOf("DataStale", { account: "prod" })],
  [
    alertOf("ExporterDown", { severity: "critical" }),
    alertOf("AuthFailing", { severity: "critical", account: "prod" }),
  ],
];

describe.each(PROMETHEUS_VERSIONS)("Alertmanager %s", (version) => {
  test.each(["cluster", "env", "environment", "region", "namespace", "prometheus"])(
    "lets an alert silence those of its own %s alone",
    async (label) => {
      await Promise.all(
        PAIRS.map(async ([source, target]) => {
          await using alertmanager = await startAlertmanager({ version, files: FILES });
          const own = { ...target, [label]: "staging" };
          await alertmanager.post([
            { ...source, [label]: "staging" },
            own,
            { ...target, [label]: "production" },
            target,
          ]);
          await until("all to be looked at", async () => {
            const held = await alertmanager.alerts();
            return held.length === 4 && held.every(({ status }) => status.state !== "unprocessed")
              ? true
              : undefined;
          });
          const silenced = (await alertmanager.alerts()).filter(
            ({ status }) => status.state === "suppressed",
          );
          expect(silenced.map(({ labels }) => labels)).toEqual([own]);
        }),
      );
    },
  );
});
