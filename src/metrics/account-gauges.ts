import { Gauge, type Registry } from "prom-client";

/** What can be read of an account at any time. Times are Unix milliseconds, 0 until the event. */
export interface AccountReading {
  readonly account: string;
  readonly targets: number;
  readonly intervalMs: number;
  readonly configuredIntervalMs: number;
  readonly staleAfterMs: number;
  /** Requests allowed in 5 minutes, and sent in the last 5, with the account's credential. */
  readonly budget: number;
  readonly budgetUsed: number;
  readonly pausedUntilMs: number;
  /** Undefined without discovery. */
  readonly lastDiscoveryMs: number | undefined;
  /** Undefined when the API does not tell. */
  readonly tokenExpiryMs: number | undefined;
}

interface AccountGauge {
  readonly name: string;
  readonly help: string;
  /** No row when undefined. */
  readonly value: (reading: AccountReading) => number | undefined;
}

const GAUGES: readonly AccountGauge[] = [
  { name: "targets", help: "Interconnects that are polled.", value: ({ targets }) => targets },
  {
    name: "poll_interval_seconds",
    help: "Poll interval in effect.",
    value: ({ intervalMs }) => intervalMs / 1000,
  },
  {
    name: "poll_interval_configured_seconds",
    help: "Poll interval of the configuration.",
    value: ({ configuredIntervalMs }) => configuredIntervalMs / 1000,
  },
  {
    name: "stale_after_seconds",
    help: "Age beyond which an answer is no longer believed.",
    value: ({ staleAfterMs }) => staleAfterMs / 1000,
  },
  {
    name: "api_budget_requests",
    help: "Requests to the API allowed in 5 minutes, of the credential: accounts that share it show the same.",
    value: ({ budget }) => budget,
  },
  {
    name: "api_budget_used_requests",
    help: "Requests to the API sent in the last 5 minutes, of the credential: accounts that share it show the same.",
    value: ({ budgetUsed }) => budgetUsed,
  },
  {
    name: "api_paused_until_timestamp_seconds",
    help: "Unix time until which a 429 forbids requests, 0 when there was none.",
    value: ({ pausedUntilMs }) => pausedUntilMs / 1000,
  },
  {
    name: "discovery_last_success_timestamp_seconds",
    help: "Unix time of the last good list of interconnects, 0 before the first.",
    value: ({ lastDiscoveryMs }) => (lastDiscoveryMs === undefined ? undefined : lastDiscoveryMs / 1000),
  },
  {
    name: "api_token_expiry_timestamp_seconds",
    help: "Unix time at which the API token expires, where the API tells one.",
    value: ({ tokenExpiryMs }) => (tokenExpiryMs === undefined ? undefined : tokenExpiryMs / 1000),
  },
];

/** Registers the gauges that are read per account at each collection, so that an account that is gone has no rows. */
export function registerAccountGauges(
  registry: Registry,
  prefix: string,
  readAccounts: () => readonly AccountReading[],
): void {
  for (const { name, help, value } of GAUGES) {
    // prom-client calls collect() with the metric as `this`.
    function collect(this: Gauge<"account">): void {
      this.reset();
      for (const reading of readAccounts()) {
        const current = value(reading);
        if (current !== undefined) this.set({ account: reading.account }, current);
      }
    }
    registry.registerMetric(
      new Gauge({ name: prefix + name, help, labelNames: ["account"], registers: [], collect }),
    );
  }
}
