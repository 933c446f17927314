/**
 * `npm run bench`: every scenario, or those of `--only=body,gzip`; `--json` for machines. `--check`, which is
 * `npm run bench:check`: a short form of what can be judged on a busy machine, exit 1 when a figure is over its limit.
 */
import { parseArgs } from "node:util";
import { benchBody } from "./body.ts";
import { benchGzip } from "./gzip.ts";
import { benchMatrix } from "./matrix.ts";
import { benchMemory } from "./memory.ts";
import { benchStart } from "./start.ts";
import { benchPolling } from "./polling.ts";
import { benchPolls } from "./polls.ts";
import { benchScaling } from "./scaling.ts";
import { benchStreams } from "./streams.ts";
import { type Extent, isPassed, printReport, type Report } from "./report.ts";

const SCENARIOS: Readonly<Record<string, (extent: Extent) => Promise<Report>>> = {
  body: benchBody,
  gzip: benchGzip,
  matrix: benchMatrix,
  start: benchStart,
  memory: benchMemory,
  polling: benchPolling,
  polls: benchPolls,
  scaling: benchScaling,
  streams: benchStreams,
};
const CHECKED = ["body", "gzip", "memory"];

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

/** Other work on the machine only ever slows, and not both sides alike: a miss counts when it is seen this often in a row. */
const CHECK_TRIES = 3;

const reports: Report[] = [];
for (const name of names) {
  const report = await measured(name);
  reports.push(report);
  if (!values.json) printReport(report, (text) => process.stdout.write(text));
}
if (values.json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
if (values.check && reports.some(misses)) process.exitCode = 1;

async function measured(name: string): Promise<Report> {
  const scenario = SCENARIOS[name];
  if (scenario === undefined) throw new RangeError(`Expected a scenario, got "${name}"`);
  const extent = { isShort: values.check };
  let report = await scenario(extent);
  for (let tries = 1; values.check && tries < CHECK_TRIES && misses(report); tries += 1) {
    report = await scenario(extent);
  }
  return report;
}

function misses({ checks }: Report): boolean {
  return checks.some((check) => !isPassed(check));
}
