/**
 * `npm run bench`: every scenario, or those of `--only=body,gzip`; `--json` for machines. `--check`, which is
 * `npm run bench:check`: a short form of what can be judged on a busy machine, exit 1 when a ratio is over its limit.
 */
import { parseArgs } from "node:util";
import { benchBody } from "./body.ts";
import { benchGzip } from "./gzip.ts";
import { benchMatrix } from "./matrix.ts";
import { benchMemory } from "./memory.ts";
import { benchStart } from "./start.ts";
import { benchPolling } from "./polling.ts";
import { benchPolls } from "./polls.ts";
import { isPassed, printReport } from "./report.ts";
import type { Extent, Report } from "./report.ts";

const SCENARIOS: Readonly<Record<string, (extent: Extent) => Promise<Report>>> = {
  body: benchBody,
  gzip: benchGzip,
  matrix: benchMatrix,
  start: benchStart,
  memory: benchMemory,
  polling: benchPolling,
  polls: benchPolls,
};
const CHECKED = ["body", "gzip"];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    json: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});

const names = values.only?.split(",") ?? (values.check ? CHECKED : Object.keys(SCENARIOS));
const unknown = names.find((name) => !Object.hasOwn(SCENARIOS, name));
if (unknown !== undefined)
  throw new Error(`--only: expected some of ${Object.keys(SCENARIOS).join(",")}, got "${unknown}"`);

const reports: Report[] = [];
for (const name of names) {
  const report = await SCENARIOS[name]?.({ isShort: values.check });
  if (report === undefined) continue;
  reports.push(report);
  if (!values.json) printReport(report, (text) => process.stdout.write(text));
}
if (values.json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
const isMissed = reports.some(({ checks }) =>
  checks.some((each) => each.unit === "ratio" && !isPassed(each)),
);
if (values.check && isMissed) process.exitCode = 1;
