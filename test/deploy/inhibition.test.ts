import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startAlertmanager } from "../helpers/alertmanager-process.ts";
import { PROMETHEUS_VERSIONS } from "../helpers/prometheus-tools.ts";

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
