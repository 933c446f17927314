import { BigValueColorMode, BigValueTextMode } from "@grafana/grafana-foundation-sdk/common";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { board, INTERCONNECT_VARIABLE } from "./board.ts";
import { RUNBOOKS_URL, UIDS } from "./links.ts";
import { organize, stacked, stat, table, timeline, timeseries } from "./panels.ts";
import { freshest, ofAccount, ofRecord } from "./selectors.ts";
import { SHOWN_STATES, STATE_MAPPINGS } from "./states.ts";

const ONE = 'interconnect="$interconnect"';
const RANK = `max(${ofRecord("account_interconnect:cloudflare_interconnect_state:rank", ONE)})`;

function of(family: string, more = ""): string {
  return ofAccount(family, more === "" ? ONE : `${ONE},${more}`);
}

const state = stat({
  title: "State",
  description:
    "The state now: as last read from the API, or Unknown when there is no answer that is believed.",
  unit: "short",
  width: 5,
  height: 4,
  queries: [{ expr: RANK, legend: "state" }],
})
  .mappings(STATE_MAPPINGS)
  .colorMode(BigValueColorMode.Background);

const lastKnown = stat(
  {
    title: "Last known state",
    description:
      "The state last answered by the API. It outlives Unknown, and it is what Down and Unhealthy alert on.",
    unit: "short",
    width: 4,
    height: 4,
    queries: [
      {
        expr: `max by (state) (${ofRecord("account_interconnect:cloudflare_interconnect_last_known_state:freshest", ONE)}) == 1`,
        legend: "{{state}}",
      },
    ],
  },
  BigValueTextMode.Name,
).noValue("none yet");

const expected = stat(
  {
    title: "Expected state",
    description: "The state that the exporter's configuration expects (expected_state, Healthy by default).",
    unit: "short",
    width: 3,
    height: 4,
    queries: [
      { expr: `max by (state) (${of("cloudflare_interconnect_expected_state")})`, legend: "{{state}}" },
    ],
  },
  BigValueTextMode.Name,
);

const since = stat({
  title: "Since",
  description:
    "Start of this unbroken run of the state. A restart of an exporter without storage begins a new one.",
  unit: "dateTimeFromNow",
  width: 4,
  height: 4,
  queries: [
    {
      expr: `1000 * max(${freshest(of("cloudflare_interconnect_state_since_timestamp_seconds"), ONE)})`,
      legend: "since",
    },
  ],
});

const age = stat({
  title: "Age of the answer",
  description: "Time since the last valid answer of the API.",
  unit: "s",
  width: 4,
  height: 4,
  queries: [
    {
      expr: `time() - max(${of("cloudflare_interconnect_last_success_timestamp_seconds")} > 0)`,
      legend: "age",
    },
  ],
}).noValue("no answer yet");

const availability = stat({
  title: "Availability",
  description: "Healthy's share of all time in a known state, over the time shown here.",
  unit: "percentunit",
  width: 4,
  height: 4,
  queries: [
    {
      expr: `sum(increase(${of("cloudflare_interconnect_state_seconds_total", 'state="Healthy"')}[$__range])) / (sum(increase(${of("cloudflare_interconnect_state_seconds_total", 'state!="Unknown"')}[$__range])) > 0)`,
      legend: "availability",
    },
  ],
}).decimals(3);

const reason = table({
  title: "Reason",
  description:
    "Why it is in this state, in Cloudflare's words: masked and shortened, the exporter's page has them whole. The class links to its runbook.",
  unit: "short",
  width: 12,
  height: 5,
  queries: [
    {
      expr: `max by (state, reason_class, reason) (${freshest(of("cloudflare_interconnect_reason_info"), ONE)})`,
    },
  ],
})
  .withTransformation(
    organize({ state: "State", reason_class: "Class", reason: "Reason" }, ["Value", "Value #A"]),
  )
  .overrideByName("Class", [
    {
      id: "links",
      value: [
        { title: "What it means", url: `${RUNBOOKS_URL}/reason-\${__value.text}.md`, targetBlank: true },
      ],
    },
  ]);

const circuit = table({
  title: "Circuit",
  description:
    "What is known of the circuit: from the API, and the labels of your own from the exporter's configuration.",
  unit: "short",
  width: 12,
  height: 5,
  queries: [
    {
      expr: `max without (job, instance, pod, namespace, container, endpoint, service, node) (${of("cloudflare_interconnect_info")})`,
    },
  ],
}).withTransformation(
  organize(
    {
      interconnect_site: "Site",
      interconnect_facility: "Facility",
      interconnect_device: "Device",
      interconnect_speed: "Speed",
      interconnect_type: "Type",
      slot_id: "Slot",
    },
    ["Value", "Value #A", "account", "account_id", "interconnect", "interconnect_region"],
  ),
);

const speed = stat({
  title: "Speed",
  description: "Speed of the link as the API tells it, in bytes per second.",
  unit: "Bps",
  width: 4,
  height: 6,
  queries: [{ expr: `max(${of("cloudflare_interconnect_speed_bytes_per_second")})`, legend: "speed" }],
}).noValue("not told");

const states = timeline({
  title: "State over time",
  description: "The state over time, in words and colours; grey is Unknown.",
  unit: "short",
  width: 20,
  height: 6,
  queries: [{ expr: RANK, legend: "$interconnect" }],
}).mappings(STATE_MAPPINGS);

const reasons = timeline({
  title: "Reasons over time",
  description: "Which reason was given when; one row for each class and text.",
  unit: "short",
  width: 24,
  height: 7,
  queries: [
    {
      expr: `max by (reason_class, reason) (${of("cloudflare_interconnect_reason_info", 'reason_class!="none"')})`,
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
      expr: `avg by (state) (rate(${of("cloudflare_interconnect_state_seconds_total")}[$__rate_interval]))`,
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
      expr: `max by (state) (increase(${of("cloudflare_interconnect_state_changes_total")}[$__rate_interval]))`,
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
      expr: `sum(rate(${of("cloudflare_interconnect_polls_total")}[$__rate_interval]))`,
      legend: "all polls",
    },
    {
      expr: `sum by (kind) (rate(${of("cloudflare_interconnect_poll_failures_total")}[$__rate_interval]))`,
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
      expr: `time() - (${of("cloudflare_interconnect_last_success_timestamp_seconds")} > 0)`,
      legend: "{{instance}}",
    },
    {
      expr: `max(${ofAccount("cloudflare_interconnect_exporter_stale_after_seconds")})`,
      legend: "stale_after",
    },
  ],
}).min(0);

/** All about one interconnect. */
export const DETAIL: Dashboard = board({
  uid: UIDS.detail,
  title: "Cloudflare Interconnects: one interconnect",
  description:
    "State, reason and history of one Cloudflare Network Interconnect. The state is that of port and link: not of BGP, tunnels or traffic.",
  span: "24h",
  variables: [INTERCONNECT_VARIABLE],
  rows: [
    { title: "Now", panels: [state, lastKnown, expected, since, age, availability, reason, circuit] },
    { title: "Over time", panels: [speed, states, reasons, share, entered] },
    { title: "Polling", panels: [polls, ages] },
  ],
});
