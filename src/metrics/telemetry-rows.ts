import type { MetricObjectWithValues, MetricValueWithName, Registry } from "prom-client";
import { type Block, type Family, type Labels, row } from "./exposition.ts";

/** The families of a prom-client registry as it is now. */
export type TelemetryRows = () => Promise<readonly Block[]>;

/**
 * Rows from a registry's JSON. prom-client never renders OpenMetrics here: one such render renames its
 * counters for good (prometheus/client_js#829).
 */
export function createTelemetryRows(registry: Registry): TelemetryRows {
  return () => read(registry);
}

/** Each metric is read by itself, so that a collector that throws costs its own family and not the scrape. */
async function read(registry: Registry): Promise<readonly Block[]> {
  const metrics = registry.getMetricsAsArray().map(({ name }) => registry.getSingleMetric(name));
  const results = await Promise.allSettled(metrics.map(async (metric) => metric?.get()));
  return results.flatMap((result) =>
    result.status === "fulfilled" && result.value !== undefined ? blockOf(result.value) : [],
  );
}

function blockOf({ name, help, type, values }: MetricObjectWithValues<MetricValueWithName<string>>): Block[] {
  // prom-client types these as an enum of strings; summaries are not used here.
  const family = { name, help, type: String(type) };
  if (!isFamily(family)) return [];
  const rows = values.map((value) =>
    row(value.metricName ?? name, "", { labels: labelsOf(value.labels), value: value.value }),
  );
  return [{ family, rows: rows.join("") }];
}

function isFamily(family: { name: string; help: string; type: string }): family is Family {
  return ["counter", "gauge", "histogram"].includes(family.type);
}

function labelsOf(labels: Readonly<Partial<Record<string, string | number>>>): Labels {
  return Object.entries(labels).map(([name, value]) => [name, String(value)]);
}
