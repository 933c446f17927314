import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { type AccountReading, registerAccountGauges } from "../../src/metrics/account-gauges.ts";

const READING: AccountReading = {
  account: "production",
  targets: 3,
  intervalMs: 90_000,
  configuredIntervalMs: 60_000,
  staleAfterMs: 600_000,
  budget: 600,
  budgetUsed: 17,
  pausedUntilMs: 0,
  lastDiscoveryMs: 0,
  tokenExpiryMs: 1_900_000_000_000,
};

/** Per gauge, the accounts that have a row, with its value. */
async function read(registry: Registry): Promise<Record<string, string[]>> {
  const metrics = await registry.getMetricsAsJSON();
  return Object.fromEntries(
    metrics.map(({ name, values }) => [
      name,
      values.map(({ labels, value }) => `${labels["account"]} ${value}`),
    ]),
  );
}

test("registerAccountGauges() has a row per account in every family, and none of an account that is gone", async () => {
  const registry = new Registry();
  let readings: readonly AccountReading[] = [READING, { ...READING, account: "lab", budgetUsed: 4 }];
  registerAccountGauges(registry, "x_", () => readings);
  expect(await read(registry)).toEqual({
    x_targets: ["production 3", "lab 3"],
    x_poll_interval_seconds: ["production 90", "lab 90"],
    x_poll_interval_configured_seconds: ["production 60", "lab 60"],
    x_stale_after_seconds: ["production 600", "lab 600"],
    x_api_budget_requests: ["production 600", "lab 600"],
    x_api_budget_used_requests: ["production 17", "lab 4"],
    x_api_paused_until_timestamp_seconds: ["production 0", "lab 0"],
    x_discovery_last_success_timestamp_seconds: ["production 0", "lab 0"],
    x_api_token_expiry_timestamp_seconds: ["production 1900000000", "lab 1900000000"],
  });
  readings = [{ ...READING, account: "lab" }];
  for (const [name, rows] of Object.entries(await read(registry))) {
    expect([name, rows.length, rows[0]?.startsWith("lab ")]).toEqual([name, 1, true]);
  }
  readings = [];
  expect(Object.values(await read(registry)).flat()).toEqual([]);
});

test("registerAccountGauges() has no row for what is not known, rather than a 0 that would say 1970", async () => {
  const registry = new Registry();
  registerAccountGauges(registry, "x_", () => [
    { ...READING, lastDiscoveryMs: undefined, tokenExpiryMs: undefined },
  ]);
  const rows = await read(registry);
  expect(rows["x_discovery_last_success_timestamp_seconds"]).toEqual([]);
  expect(rows["x_api_token_expiry_timestamp_seconds"]).toEqual([]);
});
