import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Clock } from "../base/clock.ts";
import { type ApiRequest, OPERATIONS } from "../domain/api-request.ts";
import { FAILURE_KINDS, type FailureKind } from "../domain/failure.ts";
import { isLinkState } from "../domain/link-state.ts";
import { entryOf, type Event, type ExporterState } from "../domain/state.ts";
import { type AccountCounter, createAccountCounter } from "./account-counters.ts";
import { type AccountReading, registerAccountGauges } from "./account-gauges.ts";
import { recentMax } from "./recent-max.ts";
import { TIME_FAMILY } from "./time-family.ts";

const PREFIX = "cloudflare_interconnect_exporter_";
const LAG_WINDOW_MS = 300_000;
const DURATION_BUCKETS_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How writing the state has gone since the start. */
interface StorageReading {
  readonly failures: number;
  /** Unix time of the last time that it was. */
  readonly lastWriteMs: number;
}

export interface TelemetryOptions {
  readonly build: { readonly version: string; readonly revision: string; readonly nodeVersion: string };
  readonly clock: Clock;
  /** Absent where there are no replicas. */
  readonly replica?: { readonly index: number; readonly count: number } | undefined;
  readonly isReady: () => boolean;
  readonly readAccounts: () => readonly AccountReading[];
  /** How many lines of the log found no room so far; absent where there is no log. */
  readonly droppedLogLines?: (() => number) | undefined;
  /** How writing the state has gone; absent without storage. */
  readonly readStorage?: (() => StorageReading | undefined) | undefined;
  /** Whether prom-client's `process_*` and `nodejs_*` metrics are collected too. */
  readonly processMetrics: boolean;
}

/** The exporter's own metrics: prom-client's, in a registry of their own that is read as JSON alone. */
export interface Telemetry {
  readonly registry: Registry;
  readonly observeRequest: (request: ApiRequest) => void;
  readonly observeRetry: (account: string, operation: string) => void;
  readonly observeEvent: (after: ExporterState, event: Event) => void;
  readonly observeHttp: (handler: string, code: number, count: number) => void;
  readonly connectionDropped: () => void;
  readonly pollStarted: (lagMs: number) => void;
  readonly pollEnded: () => void;
  readonly ticked: () => void;
  readonly observeDiscoveryFailure: (account: string, kind: FailureKind) => void;
  /** The server listens; people reach it under this URL, without a slash at its end. */
  readonly serving: (externalUrl: string) => void;
  /** Told of each read of the configuration, whether it came into effect or was the same as before. */
  readonly configRead: (successful: boolean) => void;
  /** A configuration with these accounts is in effect: every row known in advance begins to exist, those of others end. */
  readonly configured: (accounts: readonly string[]) => void;
}

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { build, clock, isReady, readAccounts, processMetrics } = options;
  const registry = new Registry();
  const registers = [registry];
  const unixSeconds = (): number => clock.now().unixMs / 1000;
  const lag = recentMax(LAG_WINDOW_MS);
  if (processMetrics) collectDefaultMetrics({ register: registry });

  function gauge<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
  ): Gauge<L> {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers });
  }
  function computed(name: string, help: string, value: () => number): void {
    // prom-client calls collect() with the metric as `this`.
    function collect(this: Gauge): void {
      this.set(value());
    }
    registry.registerMetric(new Gauge({ name: PREFIX + name, help, registers: [], collect }));
  }
  function counted(name: string, help: string, value: () => number): void {
    // As above.
    function collect(this: Counter): void {
      this.reset();
      this.inc(value());
    }
    registry.registerMetric(new Counter({ name: PREFIX + name, help, registers: [], collect }));
  }
  const accountCounters: AccountCounter[] = [];
  function accountCounter(
    name: string,
    help: string,
    labels: Readonly<Record<string, readonly string[]>>,
  ): AccountCounter {
    const counter = createAccountCounter({ registry, name: PREFIX + name, help, labels });
    accountCounters.push(counter);
    return counter;
  }

  gauge("build_info", "The running version, always 1.", ["version", "revision", "node_version"]).set(
    { version: build.version, revision: build.revision, node_version: build.nodeVersion },
    1,
  );
  if (options.replica !== undefined) {
    const { index, count } = options.replica;
    gauge("replica_info", "Which of so many replicas this is, always 1; with --replica alone.", [
      "replica",
      "replicas",
    ]).set({ replica: String(index), replicas: String(count) }, 1);
  }
  const webInfo = gauge(
    "web_info",
    "Where people reach this exporter, as --web.external-url says or else by its host's name, always 1.",
    ["external_url"],
  );
  const reloadOk = gauge(
    "config_last_reload_successful",
    "1 if the last read of the configuration succeeded.",
  );
  const reloadTime = gauge(
    "config_last_reload_success_timestamp_seconds",
    "Unix time of the last successful read of the configuration.",
  );
  const pollFailures = accountCounter("poll_failures_total", "Polls failed, by kind of failure.", {
    kind: FAILURE_KINDS,
  });
  const requests = accountCounter(
    "api_requests_total",
    "Requests sent to the API; code is 0 without a response.",
    { operation: OPERATIONS, code: ["200"] },
  );
  const durations = new Histogram({
    name: `${PREFIX}api_request_duration_seconds`,
    help: "Duration of requests to the API, the reading of the body included.",
    labelNames: ["operation"],
    buckets: DURATION_BUCKETS_SECONDS,
    registers,
  });
  for (const operation of OPERATIONS) durations.zero({ operation });
  const retries = accountCounter("api_retries_total", "Requests that repeated a failed one inside a poll.", {
    operation: OPERATIONS,
  });
  const remaining = gauge(
    "api_ratelimit_remaining_requests",
    "Requests left as the API's Ratelimit header says; informational, it does not follow the 5-minute limit.",
    ["account"],
  );
  const discoveryFailures = accountCounter(
    "discovery_failures_total",
    "Lists of interconnects failed, by kind.",
    { kind: FAILURE_KINDS },
  );
  registerAccountGauges(registry, PREFIX, readAccounts);
  const inFlight = gauge("polls_in_flight", "Polls under way.");
  computed(
    "poll_lag_seconds",
    "The latest start of a poll in the last 5 minutes, after it was due.",
    () => lag.read(clock.now().monoMs) / 1000,
  );
  const lastTick = gauge("scheduler_last_tick_timestamp_seconds", "Unix time of the scheduler's last turn.");
  const unknownStates = accountCounter(
    "unknown_states_total",
    "Answers with a state that this version does not know.",
    {},
  );
  const httpRequests = new Counter({
    name: `${PREFIX}http_requests_total`,
    help: "HTTP requests answered, by route.",
    labelNames: ["handler", "code"],
    registers,
  });
  const dropped = new Counter({
    name: `${PREFIX}http_connections_dropped_total`,
    help: "Connections of clients that were closed because there were as many as the limit of descriptors leaves room for.",
    registers,
  });
  computed("ready", "1 once the first round of polls is done, 0 before and while shutting down.", () =>
    isReady() ? 1 : 0,
  );

  counted(
    "log_lines_dropped_total",
    "Lines of the log that could not be written and were dropped.",
    options.droppedLogLines ?? (() => 0),
  );
  const { readStorage } = options;
  if (readStorage !== undefined) {
    counted(
      "storage_write_failures_total",
      "Times that the state could not be written to the storage folder.",
      () => readStorage()?.failures ?? 0,
    );
    computed(
      "storage_last_write_timestamp_seconds",
      "Unix time at which the state was last written to the storage folder.",
      () => (readStorage()?.lastWriteMs ?? 0) / 1000,
    );
  }

  computed(TIME_FAMILY.name.slice(PREFIX.length), TIME_FAMILY.help, unixSeconds);

  let known: ReadonlySet<string> = new Set();

  /** Ends all rows of an account. */
  function forget(account: string): void {
    for (const counter of accountCounters) counter.end(account);
    remaining.remove({ account });
  }

  return {
    registry,
    observeRequest({ operation, account, code, durationMs, rateLimitRemaining }) {
      requests.inc(account, { operation, code: String(code) });
      durations.observe({ operation }, durationMs / 1000);
      if (rateLimitRemaining !== undefined) remaining.set({ account }, rateLimitRemaining);
    },
    observeRetry: (account, operation) => retries.inc(account, { operation }),
    observeEvent(after, event) {
      if (event.type !== "poll-failed" && event.type !== "poll-succeeded") return;
      const account = entryOf(after, event.key)?.target.account;
      if (account === undefined) return;
      if (event.type === "poll-failed") pollFailures.inc(account, { kind: event.failure.kind });
      else if (!isLinkState(event.word)) unknownStates.inc(account);
    },
    observeHttp: (handler, code, count) => httpRequests.inc({ handler, code: String(code) }, count),
    connectionDropped: () => dropped.inc(),
    observeDiscoveryFailure: (account, kind) => discoveryFailures.inc(account, { kind }),
    pollStarted(lagMs) {
      inFlight.inc();
      lag.add(clock.now().monoMs, lagMs);
    },
    pollEnded: () => inFlight.dec(),
    ticked: () => lastTick.set(unixSeconds()),
    serving: (externalUrl) => webInfo.set({ external_url: externalUrl }, 1),
    configRead(successful) {
      reloadOk.set(successful ? 1 : 0);
      if (successful) reloadTime.set(unixSeconds());
    },
    configured(accounts) {
      for (const account of known) if (!accounts.includes(account)) forget(account);
      known = new Set(accounts);
      for (const account of accounts) for (const counter of accountCounters) counter.begin(account);
    },
  };
}
