import { describe, expect, test } from "vitest";
import { FAILURE_KINDS } from "../../src/domain/failure.ts";
import type { AccountReading } from "../../src/metrics/account-gauges.ts";
import { exposition } from "../../src/metrics/exposition.ts";
import { createTelemetryRows } from "../../src/metrics/telemetry-rows.ts";
import { createTelemetry, type Telemetry } from "../../src/metrics/telemetry.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  failure,
  instant,
  planned,
  replay,
  timePassed,
} from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { type ParsedSample, parseExposition } from "../helpers/parse-exposition.ts";

const PREFIX = "cloudflare_interconnect_exporter_";
const READING: AccountReading = {
  account: "production",
  targets: 3,
  intervalMs: 90_000,
  configuredIntervalMs: 60_000,
  staleAfterMs: 600_000,
  budget: 600,
  budgetUsed: 17,
  pausedUntilMs: 0,
  lastDiscoveryMs: undefined,
  tokenExpiryMs: undefined,
};
const LAB: AccountReading = {
  ...READING,
  account: "lab",
  targets: 0,
  pausedUntilMs: 1_800_000_060_000,
  lastDiscoveryMs: 1_800_000_000_500,
  tokenExpiryMs: 1_900_000_000_000,
};

interface Subject {
  readonly telemetry: Telemetry;
  readonly clock: FakeClock;
  readonly setReady: (ready: boolean) => void;
  readonly setReadings: (readings: readonly AccountReading[]) => void;
  /** The rows of a family, checked by the strict parser. */
  readonly rows: (name: string) => Promise<readonly ParsedSample[]>;
}

function subject(processMetrics = false): Subject {
  const clock = new FakeClock();
  let ready = false;
  let readings: readonly AccountReading[] = [];
  const telemetry = createTelemetry({
    build: { version: "1.2.3", revision: "abc", nodeVersion: "v24.0.0" },
    clock,
    isReady: () => ready,
    readAccounts: () => readings,
    processMetrics,
  });
  return {
    telemetry,
    clock,
    setReady: (now) => (ready = now),
    setReadings: (now) => (readings = now),
    async rows(name) {
      const text = exposition(await createTelemetryRows(telemetry.registry)(), "text");
      const family = parseExposition(text, "text").get(PREFIX + name);
      if (family === undefined) throw new Error(`Expected a family ${name}`);
      return family.samples;
    },
  };
}

/** Labels as `a=b`, then the value. */
function shown(samples: readonly ParsedSample[]): string[] {
  return samples.map(({ labels, value }) =>
    [...Object.entries(labels).map(([name, text]) => `${name}=${text}`), value].join(" "),
  );
}

describe("createTelemetry()", () => {
  test("keeps the time of the last good read of the configuration while reads fail", async () => {
    const { telemetry, rows, clock } = subject();
    telemetry.configRead(true);
    await clock.advance(60_000);
    telemetry.configRead(false);
    expect(shown(await rows("config_last_reload_successful"))).toEqual(["0"]);
    expect(shown(await rows("config_last_reload_success_timestamp_seconds"))).toEqual(["1800000000"]);
    telemetry.configRead(true);
    expect(shown(await rows("config_last_reload_successful"))).toEqual(["1"]);
    expect(shown(await rows("config_last_reload_success_timestamp_seconds"))).toEqual(["1800000060"]);
  });

  test("once configured has every row that is known in advance, counters at 0", async () => {
    const { telemetry, rows } = subject();
    telemetry.configRead(true);
    telemetry.configured(["production", "lab"]);
    expect(shown(await rows("build_info"))).toEqual(["version=1.2.3 revision=abc node_version=v24.0.0 1"]);
    expect(shown(await rows("config_last_reload_successful"))).toEqual(["1"]);
    expect(shown(await rows("config_last_reload_success_timestamp_seconds"))).toEqual(["1800000000"]);
    const kinds = ["production", "lab"].flatMap((account) =>
      FAILURE_KINDS.map((kind) => `account=${account} kind=${kind} 0`),
    );
    expect(shown(await rows("poll_failures_total"))).toEqual(kinds);
    expect(shown(await rows("discovery_failures_total"))).toEqual(kinds);
    expect(shown(await rows("unknown_states_total"))).toEqual(["account=production 0", "account=lab 0"]);
    expect(shown(await rows("api_requests_total"))).toContain("account=lab operation=status code=200 0");
    expect(shown(await rows("api_retries_total"))).toContain("account=lab operation=status 0");
    for (const name of [
      "polls_in_flight",
      "poll_lag_seconds",
      "scheduler_last_tick_timestamp_seconds",
      "ready",
    ]) {
      expect([name, ...shown(await rows(name))]).toEqual([name, "0"]);
    }
  });

  test("keeps what it has counted when a new configuration comes", async () => {
    const { telemetry, rows } = subject();
    telemetry.configured(["production"]);
    telemetry.observeRetry("production", "status");
    telemetry.observeDiscoveryFailure("production", "timeout");
    telemetry.configured(["production", "lab"]);
    expect(shown(await rows("api_retries_total"))).toContain("account=production operation=status 1");
    expect(shown(await rows("discovery_failures_total"))).toContain("account=production kind=timeout 1");
  });

  test("reads the accounts as they are now: one that is gone has no rows, what is not known has none either", async () => {
    const { rows, setReadings } = subject();
    setReadings([READING, LAB]);
    const both = [
      "targets",
      "poll_interval_seconds",
      "poll_interval_configured_seconds",
      "stale_after_seconds",
    ];
    expect(await Promise.all(both.map(async (name) => shown(await rows(name))))).toEqual([
      ["account=production 3", "account=lab 0"],
      ["account=production 90", "account=lab 90"],
      ["account=production 60", "account=lab 60"],
      ["account=production 600", "account=lab 600"],
    ]);
    expect(shown(await rows("api_budget_requests"))).toContain("account=production 600");
    expect(shown(await rows("api_budget_used_requests"))).toContain("account=production 17");
    expect(shown(await rows("api_paused_until_timestamp_seconds"))).toEqual([
      "account=production 0",
      "account=lab 1800000060",
    ]);
    expect(shown(await rows("discovery_last_success_timestamp_seconds"))).toEqual([
      "account=lab 1800000000.5",
    ]);
    expect(shown(await rows("api_token_expiry_timestamp_seconds"))).toEqual(["account=lab 1900000000"]);
    setReadings([{ ...READING, targets: 4 }]);
    expect(shown(await rows("targets"))).toEqual(["account=production 4"]);
    expect(shown(await rows("api_token_expiry_timestamp_seconds"))).toEqual([]);
  });

  test("counts requests by code, their durations, and what the API says is left", async () => {
    const { telemetry, rows } = subject();
    const request = { operation: "status" as const, account: "production", code: 200, durationMs: 120 };
    telemetry.observeRequest({ ...request, rateLimitRemaining: 41 });
    telemetry.observeRequest({ ...request, durationMs: 30_000, code: 0 });
    expect(shown(await rows("api_requests_total"))).toEqual([
      "account=production operation=status code=200 1",
      "account=production operation=status code=0 1",
    ]);
    expect(shown(await rows("api_ratelimit_remaining_requests"))).toEqual(["account=production 41"]);
    const durations = await rows("api_request_duration_seconds");
    const bucket = (le: string): number | undefined =>
      durations.find(({ labels }) => labels["le"] === le)?.value;
    expect([bucket("0.1"), bucket("0.25"), bucket("10"), bucket("+Inf")]).toEqual([0, 1, 1, 2]);
    expect(durations.find(({ name }) => name.endsWith("_sum"))?.value).toBeCloseTo(30.12);
  });

  test("counts failures and unknown states by account, and nothing of what left the plan or is no poll", async () => {
    const { telemetry, rows } = subject();
    const lab = buildTarget("icon-01", { account: "lab" });
    const state = replay([planned(buildPlan([buildTarget(), lab]))]);
    telemetry.configured(["production", "lab"]);
    const at = instant(0);
    telemetry.observeEvent(state, failure(at, "tls"));
    telemetry.observeEvent(state, failure(at, "tls", lab.key));
    telemetry.observeEvent(state, failure(at, "tls", lab.key));
    telemetry.observeEvent(state, answer(at, "Degraded", "", lab.key));
    telemetry.observeEvent(state, answer(at, "Down"));
    telemetry.observeEvent(state, failure(at, "tls", "gone/icon-01"));
    telemetry.observeEvent(state, timePassed(at));
    const counted = shown(await rows("poll_failures_total")).filter((row) => !row.endsWith(" 0"));
    expect(counted).toEqual(["account=production kind=tls 1", "account=lab kind=tls 2"]);
    expect(shown(await rows("unknown_states_total"))).toEqual(["account=production 0", "account=lab 1"]);
  });

  test("shows polls in flight and the latest start of the last five minutes", async () => {
    const { telemetry, rows, clock } = subject();
    telemetry.pollStarted(250);
    telemetry.pollStarted(50);
    telemetry.pollEnded();
    expect(shown(await rows("polls_in_flight"))).toEqual(["1"]);
    expect(shown(await rows("poll_lag_seconds"))).toEqual(["0.25"]);
    await clock.advance(300_000);
    expect(shown(await rows("poll_lag_seconds"))).toEqual(["0"]);
  });

  test("shows the clock as it is at each reading, not at an event", async () => {
    const { rows, clock } = subject();
    const before = clock.now().unixMs / 1000;
    expect(shown(await rows("time_seconds"))).toEqual([String(before)]);
    await clock.advance(90_500);
    expect(shown(await rows("time_seconds"))).toEqual([String(before + 90.5)]);
  });

  test("shows the scheduler's last turn and whether the daemon is ready, as it is now", async () => {
    const { telemetry, rows, clock, setReady } = subject();
    await clock.advance(1500);
    telemetry.ticked();
    setReady(true);
    expect(shown(await rows("scheduler_last_tick_timestamp_seconds"))).toEqual(["1800000001.5"]);
    expect(shown(await rows("ready"))).toEqual(["1"]);
    setReady(false);
    expect(shown(await rows("ready"))).toEqual(["0"]);
  });

  test("counts HTTP requests by route; 0 makes the row known before the first", async () => {
    const { telemetry, rows } = subject();
    telemetry.observeHttp("/metrics", 200, 0);
    telemetry.observeHttp("unmatched", 404, 1);
    expect(shown(await rows("http_requests_total"))).toEqual([
      "handler=/metrics code=200 0",
      "handler=unmatched code=404 1",
    ]);
  });

  test("counts connections that were dropped for want of room", async () => {
    const { telemetry, rows } = subject();
    expect(shown(await rows("http_connections_dropped_total"))).toEqual(["0"]);
    telemetry.connectionDropped();
    expect(shown(await rows("http_connections_dropped_total"))).toEqual(["1"]);
  });

  test.each([true, false])(
    "has process metrics: %j, beside its own, all with names and types that scrapers take",
    async (on) => {
      const { telemetry } = subject(on);
      const blocks = await createTelemetryRows(telemetry.registry)();
      for (const format of ["text", "openmetrics"] as const) {
        const names = [...parseExposition(exposition(blocks, format), format).keys()];
        expect(names.some((name) => name.startsWith("process_"))).toBe(on);
        expect(names.some((name) => name.startsWith("nodejs_"))).toBe(on);
        expect(names).toContain(`${PREFIX}ready`);
      }
    },
  );

  test("has a registry of its own: two telemetries share nothing", async () => {
    const [one, other] = [subject(), subject()];
    one.telemetry.observeHttp("/", 200, 1);
    expect(shown(await other.rows("http_requests_total"))).toEqual([]);
  });
});
