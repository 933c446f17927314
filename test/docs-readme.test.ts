import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { formatDuration } from "../src/base/duration.ts";
import type { Config } from "../src/config/config.ts";
import { parseConfig } from "../src/config/load.ts";
import { BUDGET_WINDOW_MS, intervalInEffect, requestsPerWindow } from "../src/domain/rhythm.ts";
import { codeBlocksOf, tableOf } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const readme = page("README.md");
/** Requests in 5 minutes that Cloudflare allows. */
const LIMIT = 1200;

/** The configuration that README shows, with its token in it instead of in a file. */
async function configOf(text: string): Promise<Config> {
  const inline = text.replace(/api_token_file: .*/, "api_token: token");
  const read = await parseConfig(inline, { file: "README.md", env: {} });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

const [configText = "", scrapeText = "", rulesText = ""] = codeBlocksOf(readme, "yaml");
const { poll, api } = await configOf(configText);

/** What README and polling.md say that so many interconnects cost. */
function costOf(targets: number) {
  const demand = { targets, listCalls: 0, budget: api.budgetRequests };
  const intervalMs = intervalInEffect(demand, poll.intervalMs);
  const requests = Math.ceil(requestsPerWindow(demand, intervalMs));
  return [
    String(targets),
    String(requests),
    `${Math.ceil((requests / LIMIT) * 100)} %`,
    formatDuration(intervalMs),
  ];
}

test("README.md is read in one sitting: at most 1,200 words, as `wc -w` counts them", () => {
  expect(readme.trim().split(/\s+/).length).toBeLessThanOrEqual(1200);
});

test("README.md begins with the two commands that need nothing else", () => {
  const commands = codeBlocksOf(readme, "sh").filter((code) => code.startsWith("npm ci && npm "));
  expect(commands.slice(0, 2)).toEqual(["npm ci && npm run demo\n", "npm ci && npm test\n"]);
});

test("README.md shows a configuration that is valid, and a Prometheus that scrapes the default port", async () => {
  const { accounts } = await configOf(configText);
  expect(accounts[0]?.interconnects.map(({ name }) => name)).toEqual(["icon-ewr-01", "icon-lhr-02"]);
  expect(parse(scrapeText).scrape_configs[0].static_configs[0].targets).toEqual(["localhost:13335"]);
});

test("README.md shows an alert that has a runbook, and a name that the rules know", () => {
  const [{ alert }] = parse(rulesText).groups[0].rules;
  expect(existsSync(`docs/runbooks/${alert}.md`)).toBe(true);
  expect(readFileSync("deploy/prometheus/rules/states.yaml", "utf8")).toContain(`alert: ${alert}\n`);
});

test("README.md says what interconnects cost by default", () => {
  const rows = tableOf(readme, "| interconnects | requests in 5 minutes | of the 1,200 |");
  expect(rows.length).toBeGreaterThan(2);
  for (const row of rows) expect(row).toEqual(costOf(Number(row[0])).slice(0, 3));
  expect(readme).toContain(
    `at the default interval of ${poll.intervalMs / 1000} s needs ${BUDGET_WINDOW_MS / poll.intervalMs} of them`,
  );
  expect(readme).toContain(`its own budget of ${api.budgetRequests}`);
});

test("docs/polling.md says what interconnects cost, stretched or not, and what the defaults are", () => {
  const polling = page("docs/polling.md");
  const head = "| interconnects | polls in 5 minutes | of Cloudflare's 1,200 | interval in effect |";
  const rows = tableOf(polling, head);
  expect(rows.length).toBeGreaterThan(4);
  for (const row of rows) expect(row).toEqual(costOf(Number(row[0])));
  for (const [key, value] of [
    ["poll.retries", poll.retries],
    ["poll.timeout", `${poll.timeoutMs / 1000} s`],
    ["poll.concurrency", poll.concurrency],
    ["api.budget", api.budgetRequests],
  ])
    expect(polling).toContain(`\`${key}\` (${value})`);
  const rhythm = tableOf(polling, "| what | how often | key |");
  expect(rhythm.find(([, , key]) => key === "`poll.interval`")?.[1]).toBe(
    `every ${poll.intervalMs / 1000} s`,
  );
  expect(rhythm.find(([, , key]) => key === "`poll.attention_interval`")?.[1]).toBe(
    `every ${poll.attentionIntervalMs / 1000} s`,
  );
});
