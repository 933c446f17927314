import type { Family } from "../../src/metrics/exposition.ts";
import type { Registry } from "prom-client";
import { GROUP_FAMILIES } from "../../src/metrics/group-families.ts";
import { interconnectFamilies } from "../../src/metrics/interconnect-families.ts";

/** One family of the contract with those who scrape. */
export interface CatalogueEntry {
  readonly name: string;
  readonly type: Family["type"];
  readonly help: string;
  /** What a row is about. */
  readonly of: "interconnect" | "group" | "exporter";
  /** All label names in their order; `le` of a histogram is not among them. */
  readonly labels: readonly string[];
  /** Whether the labels of the user's configuration come after them. */
  readonly userLabels: boolean;
  /** The version that it appeared in. */
  readonly since: string;
  /** `stable`: changed only with a major version. `experimental`: may change with any. */
  readonly stability: "stable" | "experimental";
}

const FIRST_VERSION = "0.1.0";
const INFO = "cloudflare_interconnect_info";

/** Where a family is not stable since the first version. */
const EXCEPTIONS: ReadonlyMap<string, Partial<Pick<CatalogueEntry, "since" | "stability">>> = new Map([
  // Cloudflare does not document what its Ratelimit header counts for these calls.
  ["cloudflare_interconnect_exporter_api_ratelimit_remaining_requests", { stability: "experimental" }],
]);

/** Every family that is ours, as the code has it; `telemetry`: the registry of the exporter's own. */
export function metricsCatalogue(telemetry: Registry): readonly CatalogueEntry[] {
  const polled = interconnectFamilies([]).map((family) =>
    entryOf("interconnect", family, ["account", "interconnect", ...family.labelNames]),
  );
  const groups = GROUP_FAMILIES.map((family) => entryOf("group", family, ["group", ...family.labelNames]));
  const own = telemetry.getMetricsAsArray().map(({ name, help, type, ...rest }) => {
    // prom-client types these as an enum of strings, and keeps the declared label names without saying so.
    const family = { name, help, type: String(type) as Family["type"] };
    return entryOf("exporter", family, (rest as unknown as { labelNames: readonly string[] }).labelNames);
  });
  return [...polled, ...groups, ...own];
}

function entryOf(
  of: CatalogueEntry["of"],
  { name, type, help }: Family,
  labels: readonly string[],
): CatalogueEntry {
  const userLabels = name === INFO;
  const exception = EXCEPTIONS.get(name);
  return {
    name,
    type,
    help,
    of,
    labels,
    userLabels,
    since: FIRST_VERSION,
    stability: "stable",
    ...exception,
  };
}
