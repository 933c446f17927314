import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { codeBlocksOf } from "../helpers/markdown.ts";
import { page } from "../helpers/pages.ts";
import { PROMETHEUS_VERSIONS } from "../helpers/prometheus-tools.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { promqlProblems } from "../helpers/promql-problems.ts";
import { runTool } from "../helpers/run-tool.ts";

/** The example of a page that begins so. */
function example(path: string, start: string): string {
  const code = codeBlocksOf(page(path), "yaml").find((text) => text.startsWith(start));
  if (code === undefined) throw new Error(`Expected an example in ${path} that starts with ${start}`);
  return code;
}

/** One circuit goes Down and comes back, one is expected to be Down, and the exporter is away for five minutes. */
const RULE_TEST = `
rule_files: [rules.yaml]
evaluation_interval: 30s
tests:
  - interval: 30s
    input_series:
      - series: cloudflare_interconnect_last_known_state{account="a",interconnect="i",state="Down"}
        values: "0x4 1x5 _x10 1x5 0x20"
      - series: cloudflare_interconnect_last_known_state{account="a",interconnect="planned",state="Down"}
        values: "1x10 _x10 1x20"
      - series: cloudflare_interconnect_expected_state{account="a",interconnect="i",state="Healthy"}
        values: "1x10 _x10 1x20"
      - series: cloudflare_interconnect_expected_state{account="a",interconnect="planned",state="Down"}
        values: "1x10 _x10 1x20"
    alert_rule_test:
      - { eval_time: 4m, alertname: CloudflareInterconnectDown, exp_alerts: [] }
      - &down
        eval_time: 5m
        alertname: CloudflareInterconnectDown
        exp_alerts:
          - exp_labels: { account: a, interconnect: i, state: Down, severity: critical }
            exp_annotations: { summary: i of a is Down. }
      - { <<: *down, eval_time: 9m }
      - { <<: *down, eval_time: 12m }
      - { eval_time: 16m, alertname: CloudflareInterconnectDown, exp_alerts: [] }
`;

test.each(PROMETHEUS_VERSIONS)("promtool %s takes the examples of the pages", async (version) => {
  await using folder = await createTempFolder({
    "readme.yaml": example("README.md", "scrape_configs:"),
    "http-sd.yaml": example("docs/http.md", "scrape_configs:"),
  });
  for (const name of ["readme.yaml", "http-sd.yaml"]) {
    const { status, output } = await runTool(
      "promtool",
      ["check", "config", join(folder.path, name)],
      version,
    );
    expect([status, output]).toEqual([0, expect.stringContaining("SUCCESS")]);
  }
});

test.each(PROMETHEUS_VERSIONS)(
  "README's alert fires, holds while the exporter is away, and resolves: promtool %s",
  async (version) => {
    await using folder = await createTempFolder({ "rules.yaml": example("README.md", "groups:") });
    const path = join(folder.path, "test.yaml");
    await writeFile(path, RULE_TEST);
    const { status, output } = await runTool("promtool", ["test", "rules", path], version);
    expect([status, output]).toEqual([0, expect.stringContaining("SUCCESS")]);
  },
);

test("the recipe for http_sd on the page is the file that is tested end to end", () => {
  const shown = parse(
    example("docs/http.md", "scrape_configs:").replaceAll("localhost:13335", "exporter:13335"),
  );
  expect(shown).toEqual(parse(readFileSync("deploy/prometheus/http-sd.yaml", "utf8")));
});

test("the PromQL to paste parses", async () => {
  const expressions = codeBlocksOf(page("docs/metrics.md"), "promql").flatMap((code) =>
    code.trim().split("\n\n"),
  );
  expect(expressions.length).toBeGreaterThan(5);
  expect(await promqlProblems(expressions)).toBe("");
});
