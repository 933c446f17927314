import { readFileSync } from "node:fs";
import { createTelemetry } from "../../src/metrics/telemetry.ts";
import { type CatalogueEntry, metricsCatalogue } from "./catalogue.ts";
import { systemClock } from "../../src/base/clock.ts";

/** The contract, taken from the code. */
export function currentCatalogue(): readonly CatalogueEntry[] {
  const { registry } = createTelemetry({
    build: { version: "", revision: "", nodeVersion: "" },
    clock: systemClock,
    replica: { index: 1, count: 1 },
    isReady: () => false,
    readAccounts: () => [],
    readStorage: () => undefined,
    processMetrics: false,
  });
  return metricsCatalogue(registry);
}

const template = readFileSync(new URL("metrics.template.md", import.meta.url), "utf8");

/** `docs/metrics.md`: the template with the tables in it. */
export function metricsPage(catalogue: readonly CatalogueEntry[]): string {
  const byKind = Map.groupBy(catalogue, ({ of }) => of);
  return template.replaceAll(/^\{\{(\w+)\}\}$/gm, (_, kind: CatalogueEntry["of"]) =>
    tableOf(byKind.get(kind) ?? []),
  );
}

function tableOf(entries: readonly CatalogueEntry[]): string {
  return ["| metric | type | labels | since | stability | help |", "|---|---|---|---|---|---|"]
    .concat(entries.map(rowOf))
    .join("\n");
}

function rowOf({ name, type, labels, userLabels, since, stability, help }: CatalogueEntry): string {
  const shown = [...labels.map((label) => `\`${label}\``), ...(userLabels ? ["your own labels"] : [])].join(
    ", ",
  );
  return `| \`${name}\` | ${type} | ${shown} | ${since} | ${stability} | ${help.replaceAll("|", String.raw`\|`)} |`;
}
