import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { ofOne, RANK_OF_ONE } from "./one.ts";
import { stacked, stat, timeline, timeseries } from "./panels.ts";
import { ageOf, ofAccount } from "./selectors.ts";
import { SHOWN_STATES, STATE_MAPPINGS } from "./states.ts";

const speed = stat({
  title: "Speed",
  description: "Speed of the link as the API tells it, in bytes per second.",
  unit: "Bps",
  width: 4,
  height: 6,
  queries: [{ expr: `max(${ofOne("cloudflare_interconnect_speed_bytes_per_second")})`, legend: "speed" }],
}).noValue("not told");

const states = timeline({
  title: "State over time",
  description: "The state over time, in words and colours; grey is Unknown.",
  unit: "short",
  width: 20,
  height: 6,
  queries: [{ expr: RANK_OF_ONE, legend: "$interconnect" }],
}).mappings(STATE_MAPPINGS);

const reasons = timeline({
  title: "Reasons over time",
  description: "Which reason was given when; one row for each class and text.",
  unit: "short",
  width: 24,
  height: 7,
  queries: [
    {
      expr: `max by (reason_class, reason) (${ofOne("cloudflare_interconnect_reason_info", 'reason_class!="none"')})`,
      legend: "{{reason_class}}: {{reason}}",
    },
  ],
}).noValue("No reason was given");

const share = stacked({
  title: "Time in state",
  description: "Share of the time spent in each state.",
  unit: "percentunit",
  width: 12,
  height: 8,
  queries: [
    {
      expr: `avg by (state) (rate(${ofOne("cloudflare_interconnect_state_seconds_total")}[$__rate_interval]))`,
      legend: "{{state}}",
    },
  ],
});

const entered = timeseries({
  title: "States entered",
  description:
    "How often each state was entered in the time between two points. Attention: each visit to Unknown enters a known state on its way back.",
  unit: "short",
  width: 12,
  height: 8,
  queries: [
    {
      expr: `max by (state) (increase(${ofOne("cloudflare_interconnect_state_changes_total")}[$__rate_interval]))`,
      legend: "{{state}}",
    },
  ],
}).min(0);
for (const panel of [share, entered]) {
  for (const { name, color } of SHOWN_STATES) {
    panel.overrideByName(name, [{ id: "color", value: { mode: "fixed", fixedColor: color } }]);
  }
}

const polls = timeseries({
  title: "Polls and failures",
  description: "Polls finished per second, and failed ones by kind. All replicas together.",
  unit: "reqps",
  width: 12,
  height: 8,
  queries: [
    {
      expr: `sum(rate(${ofOne("cloudflare_interconnect_polls_total")}[$__rate_interval]))`,
      legend: "all polls",
    },
    {
      expr: `sum by (kind) (rate(${ofOne("cloudflare_interconnect_poll_failures_total")}[$__rate_interval]))`,
      legend: "failed: {{kind}}",
    },
  ],
}).min(0);

const ages = timeseries({
  title: "Age of the answer over time",
  description:
    "Time since the last valid answer; a saw-tooth of the poll interval when all is well. One line for each replica.",
  unit: "s",
  width: 12,
  height: 8,
  queries: [
    {
      expr: ageOf(ofOne("cloudflare_interconnect_last_success_timestamp_seconds")),
      legend: "{{instance}}",
    },
    {
      expr: `max(${ofAccount("cloudflare_interconnect_exporter_stale_after_seconds")})`,
      legend: "stale_after",
    },
  ],
}).min(0);

/** What the interconnect did over time. */
export const HISTORY: readonly Builder<Panel>[] = [speed, states, reasons, share, entered];

/** How it was asked. */
export const POLLING: readonly Builder<Panel>[] = [polls, ages];
