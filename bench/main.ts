/** `npm run bench`: every scenario, or those of `--only=a,b`; `--json` for machines; `--check` fails on a missed limit. */
import { parseArgs } from "node:util";
import { benchBody } from "./body.ts";
import { benchGzip } from "./gzip.ts";
import { isPassed, printReport } from "./report.ts";
import type { Report } from "./report.ts";

const SCENARIOS: Readonly<Record<string, () => Promise<Report>>> = {
  body: benchBody,
  gzip: benchGzip,
};

const { values } = parseArgs({
  options: {
    only: { type: "string", default: Object.keys(SCENARIOS).join(",") },
    json: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});

const reports: Report[] = [];
for (const name of values.only.split(",")) {
  const scenario = SCENARIOS[name];
  if (scenario === undefined)
    throw new Error(`--only: expected ${Object.keys(SCENARIOS).join(", ")}, got "${name}"`);
  const report = await scenario();
  reports.push(report);
  if (!values.json) printReport(report, (text) => process.stdout.write(text));
}
if (values.json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
if (values.check && !reports.every(({ checks }) => checks.every(isPassed))) process.exitCode = 1;
