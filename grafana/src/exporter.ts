import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { board } from "./board.ts";
import { UIDS } from "./links.ts";
import { organize, type Query, stat, table, timeseries } from "./panels.ts";
import { ageOf, ofAccount, ofProcess } from "./selectors.ts";
import { YES_NO_MAPPINGS } from "./states.ts";

const PREFIX = "cloudflare_interconnect_exporter_";

function account(name: string, more = ""): string {
  return ofAccount(PREFIX + name, more);
}

/** How long each replica will still keep quiet, by the clock that it reckons with; negative when that is over. */
const PAUSE = `(${account("api_paused_until_timestamp_seconds")} - ignoring (account) group_left () ${ofProcess(`${PREFIX}time_seconds`)})`;

function own(name: string, more = ""): string {
  return ofProcess(PREFIX + name, more);
}

/** A line chart a third of the page wide. */
function lines(title: string, description: string, unit: string, queries: readonly Query[]) {
  return timeseries({ title, description, unit, width: 8, height: 8, queries }).min(0);
}

function number(title: string, description: string, unit: string, query: Query) {
  return stat({ title, description, unit, width: 4, height: 4, queries: [query] });
}

const now = [
  number("Ready", "Whether every replica has finished its first round of polls.", "short", {
    expr: `min(${own("ready")})`,
    legend: "ready",
  }).mappings(YES_NO_MAPPINGS),
  number(
    "Configuration accepted",
    "Whether the last reload was accepted by every replica; a rejected one leaves the old configuration in effect.",
    "short",
    {
      expr: `min(${own("config_last_reload_successful")})`,
      legend: "accepted",
    },
  ).mappings(YES_NO_MAPPINGS),
  number("Interconnects polled", "Targets of all accounts chosen, of one replica.", "short", {
    expr: `sum(max by (account) (${account("targets")}))`,
    legend: "targets",
  }),
  number(
    "Last turn of the loop",
    "Time since the loop that polls last turned; more than a few minutes is a fault.",
    "s",
    {
      expr: `max(${own("time_seconds")} - ${own("scheduler_last_tick_timestamp_seconds")})`,
      legend: "age",
    },
  ),
  number(
    "Token expires",
    "The earliest expiry of an API token, where the API tells one.",
    "dateTimeFromNow",
    {
      expr: `1000 * min(${account("api_token_expiry_timestamp_seconds")} > 0)`,
      legend: "expiry",
    },
  ).noValue("not told"),
  number(
    "Paused for",
    "How long the exporter will still keep quiet because of a 429; the longest of all accounts.",
    "s",
    {
      expr: `clamp_min(max(${PAUSE}), 0)`,
      legend: "pause",
    },
  ),
  table({
    title: "Versions",
    description: "Version, revision and Node of each replica.",
    unit: "short",
    width: 24,
    height: 5,
    queries: [{ expr: `max by (job, instance, version, revision, node_version) (${own("build_info")})` }],
  }).withTransformation(
    organize(
      { job: "Job", instance: "Instance", version: "Version", revision: "Revision", node_version: "Node" },
      ["Value", "Value #A"],
    ),
  ),
];

const budget = [
  lines(
    "Budget used",
    "Requests of the last 5 minutes as a share of the budget. Accounts that share a credential show the same.",
    "percentunit",
    [
      {
        expr: `${account("api_budget_used_requests")} / ${account("api_budget_requests")}`,
        legend: "{{account}} {{instance}}",
      },
    ],
  ),
  lines("Pauses", "How long polls are still paused because of a 429.", "s", [
    {
      expr: `clamp_min(${PAUSE}, 0)`,
      legend: "{{account}} {{instance}}",
    },
  ]),
  lines(
    "Poll interval",
    "The interval in effect and the configured one. Above it when the budget is too small.",
    "s",
    [
      { expr: `max by (account) (${account("poll_interval_seconds")})`, legend: "{{account}} in effect" },
      {
        expr: `max by (account) (${account("poll_interval_configured_seconds")})`,
        legend: "{{account}} configured",
      },
    ],
  ),
  lines(
    "Remaining, says Cloudflare",
    "What the API's Ratelimit header says is left. For information: it does not follow the 5-minute limit.",
    "short",
    [{ expr: account("api_ratelimit_remaining_requests"), legend: "{{account}} {{instance}}" }],
  ),
  lines("Requests by answer", "Requests to the API per second, by HTTP status; 0 is no answer.", "reqps", [
    {
      expr: `sum by (operation, code) (rate(${account("api_requests_total")}[$__rate_interval]))`,
      legend: "{{operation}} {{code}}",
    },
  ]),
  lines("Retries", "Quick retries inside a poll, per second.", "reqps", [
    {
      expr: `sum by (account, operation) (rate(${account("api_retries_total")}[$__rate_interval]))`,
      legend: "{{account}} {{operation}}",
    },
  ]),
];

const polling = [
  lines(
    "Failed polls by kind",
    "Failed polls per second. throttled is our own budget, rate_limited is Cloudflare's 429.",
    "reqps",
    [
      {
        expr: `sum by (account, kind) (rate(${account("poll_failures_total")}[$__rate_interval])) > 0`,
        legend: "{{account}} {{kind}}",
      },
    ],
  ),
  lines(
    "Lag",
    "By how much the latest poll of the last 5 minutes started late. Near 0 when all is well.",
    "s",
    [{ expr: own("poll_lag_seconds"), legend: "{{instance}}" }],
  ),
  lines("In flight", "Polls under way.", "short", [{ expr: own("polls_in_flight"), legend: "{{instance}}" }]),
  lines("API latency", "Duration of requests to the API: median and 99th percentile.", "s", [
    {
      expr: `histogram_quantile(0.5, sum by (operation, le) (rate(${own("api_request_duration_seconds_bucket")}[$__rate_interval])))`,
      legend: "{{operation}} p50",
    },
    {
      expr: `histogram_quantile(0.99, sum by (operation, le) (rate(${own("api_request_duration_seconds_bucket")}[$__rate_interval])))`,
      legend: "{{operation}} p99",
    },
  ]),
  lines(
    "Discovery",
    "Time since the list of interconnects was last read, by account. Only where discovery is on.",
    "s",
    [
      {
        expr: `min by (account) (${ageOf(account("discovery_last_success_timestamp_seconds"), "account")})`,
        legend: "{{account}}",
      },
    ],
  ),
  lines(
    "Failed discovery and unknown states",
    "Failed lists by kind, and answers with a state that the exporter does not know, per second.",
    "reqps",
    [
      {
        expr: `sum by (account, kind) (rate(${account("discovery_failures_total")}[$__rate_interval])) > 0`,
        legend: "{{account}} {{kind}}",
      },
      {
        expr: `sum by (account) (rate(${account("unknown_states_total")}[$__rate_interval])) > 0`,
        legend: "{{account}} unknown state",
      },
    ],
  ),
];

const cost = [
  lines("Scrape duration", "How long Prometheus waits for a scrape.", "s", [
    { expr: ofProcess("scrape_duration_seconds"), legend: "{{instance}}" },
  ]),
  lines("Samples per scrape", "What a scrape brings; compare with your sample_limit.", "short", [
    { expr: ofProcess("scrape_samples_scraped"), legend: "{{instance}}" },
  ]),
  lines("HTTP requests", "Requests to the exporter per second, by route and status.", "reqps", [
    {
      expr: `sum by (handler, code) (rate(${own("http_requests_total")}[$__rate_interval]))`,
      legend: "{{handler}} {{code}}",
    },
  ]),
  lines("CPU", "Cores in use.", "short", [
    { expr: `rate(${ofProcess("process_cpu_seconds_total")}[$__rate_interval])`, legend: "{{instance}}" },
  ]),
  lines("Memory", "Resident memory.", "bytes", [
    { expr: ofProcess("process_resident_memory_bytes"), legend: "{{instance}}" },
  ]),
  lines("Event loop", "99th percentile of the event loop's lag.", "s", [
    { expr: ofProcess("nodejs_eventloop_lag_p99_seconds"), legend: "{{instance}}" },
  ]),
];

/** Whether the exporter's word can be relied on, and what it costs. */
export const EXPORTER: Dashboard = board({
  uid: UIDS.exporter,
  title: "Cloudflare Interconnects: exporter",
  description: "Health of the exporter itself: budget, pauses, failures, lag, and the cost of scrapes.",
  span: "6h",
  rows: [
    { title: "Now", panels: now },
    { title: "Cloudflare's API", panels: budget },
    { title: "Polling", panels: polling },
    { title: "Process", panels: cost },
  ],
});
