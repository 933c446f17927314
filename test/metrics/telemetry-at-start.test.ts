import { expect, test } from "vitest";
import { createTelemetry, type TelemetryOptions } from "../../src/metrics/telemetry.ts";
import { FakeClock } from "../helpers/fake-clock.ts";

const PREFIX = "cloudflare_interconnect_exporter_";
const OPERATIONS = ["status", "list", "verify"];

/** The rows of a family before anything was asked: the labels' values, then the value. */
async function rowsAtStart(name: string, options: Partial<TelemetryOptions> = {}): Promise<string[]> {
  const telemetry = createTelemetry({
    build: { version: "1", revision: "", nodeVersion: "v24" },
    clock: new FakeClock(),
    isReady: () => false,
    readAccounts: () => [],
    processMetrics: false,
    ...options,
  });
  telemetry.configured(["production"]);
  const metrics = await telemetry.registry.getMetricsAsJSON();
  const values = metrics.find((metric) => metric.name === PREFIX + name)?.values ?? [];
  return values.map(({ labels, value }) => [...Object.values(labels), value].join(" "));
}

test("requests and retries of every operation exist at 0 before the first", async () => {
  expect(await rowsAtStart("api_requests_total")).toEqual(
    OPERATIONS.map((operation) => `production ${operation} 200 0`),
  );
  expect(await rowsAtStart("api_retries_total")).toEqual(
    OPERATIONS.map((operation) => `production ${operation} 0`),
  );
});

test("the durations of every operation exist at 0 before the first, in every bucket", async () => {
  const rows = await rowsAtStart("api_request_duration_seconds");
  for (const operation of OPERATIONS) {
    const own = rows.filter((row) => row.split(" ").includes(operation));
    // Eight buckets, +Inf, sum and count.
    expect(own).toHaveLength(11);
    expect(own.every((row) => row.endsWith(" 0"))).toBe(true);
  }
});

test("how writing the state goes is told where there is storage, and before the first time too", async () => {
  const names = ["storage_write_failures_total", "storage_last_write_timestamp_seconds"];
  for (const name of names) {
    expect(await rowsAtStart(name)).toEqual([]);
    expect(await rowsAtStart(name, { readStorage: () => undefined })).toEqual(["0"]);
  }
  const storage = { readStorage: () => ({ failures: 3, lastWriteMs: 1_800_000_000_500 }) };
  expect(await Promise.all(names.map((name) => rowsAtStart(name, storage)))).toEqual([
    ["3"],
    ["1800000000.5"],
  ]);
});
