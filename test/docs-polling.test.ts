import { expect, test } from "vitest";
import { formatDuration } from "../src/base/duration.ts";
import { parseConfig } from "../src/config/load.ts";
import { CLOUDFLARE_LIMIT } from "../src/base/cloudflare-limit.ts";
import { intervalInEffect, requestsPerWindow } from "../src/domain/rhythm.ts";
import { tableOf } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const readme = page("README.md");
/** Requests in 5 minutes that Cloudflare allows. */
const LIMIT = 1200;

const { poll, api } = await defaults();

async function defaults() {
  const account = { name: "production", account_id: "023e105f4ecef8ad9ca31a8372d0c353", api_token: "token" };
  const read = await parseConfig(JSON.stringify({ accounts: [account] }), { file: "defaults", env: {} });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

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

test("README.md says what interconnects cost by default", () => {
  const rows = tableOf(readme, "| interconnects | requests in 5 minutes | of the 1,200 |");
  expect(rows.length).toBeGreaterThan(2);
  for (const row of rows) expect(row).toEqual(costOf(Number(row[0])).slice(0, 3));
  expect(readme).toContain(
    `at the default interval of ${poll.intervalMs / 1000} s needs ${CLOUDFLARE_LIMIT.windowMs / poll.intervalMs} of them`,
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
