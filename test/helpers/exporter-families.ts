import { GROUP_FAMILIES } from "../../src/metrics/group-families.ts";
import { interconnectFamilies } from "../../src/metrics/interconnect-families.ts";
import { createTelemetry } from "../../src/metrics/telemetry.ts";
import { FakeClock } from "./fake-clock.ts";

export interface FamilyRow {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** Every family of ours that the exporter exposes, as the code has it. */
export function exporterFamilies(): readonly FamilyRow[] {
  const telemetry = createTelemetry({
    build: { version: "1", revision: "", nodeVersion: "v24" },
    clock: new FakeClock(),
    isReady: () => true,
    readAccounts: () => [],
    processMetrics: false,
  });
  const own = telemetry.registry.getMetricsAsArray().map((metric) => ({
    name: metric.name,
    type: String(metric.type),
    // prom-client keeps the declared names on the metric; histograms add `le` by themselves.
    labels: "labelNames" in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [],
  }));
  const polled = interconnectFamilies([]).map(({ name, type, labelNames }) => ({
    name,
    type,
    labels: labelNames,
  }));
  const groups = GROUP_FAMILIES.map(({ name, type, labelNames }) => ({
    name,
    type,
    labels: ["group", ...labelNames],
  }));
  return [...polled, ...groups, ...own];
}
