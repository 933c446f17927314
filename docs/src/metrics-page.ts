import { createTelemetry } from "../../src/metrics/telemetry.ts";
import { type CatalogueEntry, metricsCatalogue } from "../../src/metrics/catalogue.ts";
import { systemClock } from "../../src/base/clock.ts";

/** The contract, taken from the code. */
export function currentCatalogue(): readonly CatalogueEntry[] {
  const { registry } = createTelemetry({
    build: { version: "", revision: "", nodeVersion: "" },
    clock: systemClock,
    isReady: () => false,
    readAccounts: () => [],
    processMetrics: false,
  });
  return metricsCatalogue(registry);
}

const SECTIONS = [
  ["interconnect", "Of an interconnect"],
  ["group", "Of a group of redundant circuits"],
  ["exporter", "Of the exporter itself"],
] as const satisfies readonly (readonly [CatalogueEntry["of"], string])[];

/** `docs/metrics.md`. */
export function metricsPage(catalogue: readonly CatalogueEntry[]): string {
  const sections = SECTIONS.map(
    ([of, title]) => `## ${title}

| metric | type | labels | since | stability | help |
|---|---|---|---|---|---|
${catalogue
  .filter((entry) => entry.of === of)
  .map(rowOf)
  .join("\n")}
`,
  );
  return `# Metrics

Written by \`npm run metrics\` from the families in the code; [\`metrics.json\`](metrics.json) is the same for machines.
Names, types and labels of a stable family change only with a major version, and with a \`[CHANGE]\` line in the
changelog; an experimental one may change with any version. The same families are in both formats, where OpenMetrics
names a counter without \`_total\` in its \`# TYPE\`. prom-client's \`process_*\` and \`nodejs_*\` metrics are beside them
and not part of this contract. The README says what each is for.

${sections.join("\n")}`;
}

function rowOf({ name, type, labels, userLabels, since, stability, help }: CatalogueEntry): string {
  const shown = [...labels.map((label) => `\`${label}\``), ...(userLabels ? ["your own labels"] : [])].join(
    ", ",
  );
  return `| \`${name}\` | ${type} | ${shown} | ${since} | ${stability} | ${help.replaceAll("|", String.raw`\|`)} |`;
}
