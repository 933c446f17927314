import { expect, test } from "vitest";
import { formatDuration } from "../src/base/duration.ts";
import { ALONE, shareOf } from "../src/domain/replica.ts";
import { intervalInEffect } from "../src/domain/rhythm.ts";
import { tableOf } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const scaling = page("docs/scaling.md");
const BUDGET = 600;
const INTERVAL_MS = 60_000;

/** A row of the page. */
function noticed(count: number, targets: number): readonly string[] {
  const budget = shareOf(BUDGET, count);
  const intervalMs = intervalInEffect({ targets, listCalls: 0, budget }, INTERVAL_MS);
  const each = formatDuration(intervalMs);
  return [String(count), String(budget), String(targets), each, formatDuration(intervalMs / count), each];
}

test("docs/scaling.md says how soon replicas notice a change, as the plan has it", () => {
  const head = "| replicas | part of the budget | interconnects | interval of each | all there | one left |";
  const rows = tableOf(scaling, head);
  expect(rows.length).toBeGreaterThan(6);
  expect(new Set(rows.map(([count]) => count)).size).toBeGreaterThan(2);
  for (const row of rows) expect(row).toEqual(noticed(Number(row[0]), Number(row[2])));
  expect(shareOf(BUDGET, ALONE.count)).toBe(BUDGET);
});

test("docs/scaling.md has figures up to 10,000 interconnects, and the command that measured them", () => {
  const head =
    "| interconnects | polls a second | a core | CPU a poll | RSS | scrape | with gzip | CPU a scrape |";
  expect(tableOf(scaling, head).map(([count]) => count)).toEqual(["100", "1,000", "10,000"]);
  expect(scaling).toContain("npm run bench -- --only=scaling");
});
