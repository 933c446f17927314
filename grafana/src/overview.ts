import { BigValueTextMode, TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { board } from "./board.ts";
import { RUNBOOKS_URL, UIDS } from "./links.ts";
import { organize, stat, table, timeline, timeseries } from "./panels.ts";
import { freshest, ofAccount, ofProcess, ofRecord } from "./selectors.ts";
import { SHOWN_STATES, SPARE_MAPPINGS, STATE_MAPPINGS } from "./states.ts";

const RANK = ofRecord("account_interconnect:cloudflare_interconnect_state:rank");
const COLOURED = { id: "custom.cellOptions", value: { type: "color-text" } };
const DETAIL_LINK = {
  id: "links",
  value: [
    {
      title: "Show this interconnect",
      url: `/d/${UIDS.detail}?\${__url_time_range}&\${datasource:queryparam}&\${job:queryparam}&var-account=\${__data.fields["Account"]}&var-interconnect=\${__data.fields["Interconnect"]}`,
    },
  ],
};

function changes(matcher: string): string {
  const rows = ofAccount("cloudflare_interconnect_state_changes_total", matcher);
  return `sum by (job, instance, account, interconnect) (increase(${rows}[$__rate_interval]))`;
}

function spentIn(matcher: string): string {
  const rows = ofAccount("cloudflare_interconnect_state_seconds_total", matcher);
  return `sum by (account, interconnect) (increase(${rows}[$__range]))`;
}

const counts = stat(
  {
    title: "Interconnects by state",
    description:
      "How many interconnects are in each state now. Unknown: there is no answer, or none that is believed.",
    unit: "short",
    width: 16,
    height: 4,
    queries: SHOWN_STATES.map(({ name, rank }) => ({
      expr: `count(${RANK} == ${rank}) or vector(0)`,
      legend: name,
    })),
  },
  BigValueTextMode.ValueAndName,
);
for (const { name, color } of SHOWN_STATES) {
  counts.overrideByName(name, [{ id: "color", value: { mode: "fixed", fixedColor: color } }]);
}

const oldest = stat({
  title: "Oldest answer",
  description:
    "Age of the oldest state shown here, of the replica that knows better. Above stale_after (10m by default) a state is Unknown.",
  unit: "s",
  width: 8,
  height: 4,
  queries: [
    {
      expr: `max(time() - max by (job, account, interconnect) (${ofAccount("cloudflare_interconnect_last_success_timestamp_seconds")} > 0))`,
      legend: "age",
    },
  ],
});

const worstFirst = table({
  title: "Interconnects, worst first",
  description:
    "State, reason and circuit of every interconnect, as last read from the API. Since: the start of this unbroken run of the state; a restart of an exporter without storage begins a new one.",
  unit: "short",
  width: 24,
  height: 10,
  queries: [
    { expr: `max by (account, interconnect) (${RANK})` },
    {
      expr: `max by (account, interconnect, reason_class, reason) (${freshest(ofAccount("cloudflare_interconnect_reason_info"))})`,
    },
    {
      expr: `1000 * max by (account, interconnect) (${freshest(ofAccount("cloudflare_interconnect_state_since_timestamp_seconds"))})`,
    },
    {
      expr: `max without (job, instance, pod, namespace, container, endpoint, service, node) (${ofAccount("cloudflare_interconnect_info")})`,
    },
  ],
})
  .withTransformation(
    organize(
      {
        "Value #A": "State",
        account: "Account",
        interconnect: "Interconnect",
        "Value #C": "Since",
        reason_class: "Class",
        reason: "Reason",
        interconnect_site: "Site",
        interconnect_facility: "Facility",
        interconnect_device: "Device",
        interconnect_speed: "Speed",
      },
      ["Value #B", "Value #D", "account_id", "slot_id", "interconnect_type", "interconnect_region"],
    ),
  )
  .sortBy([new TableSortByFieldStateBuilder().displayName("State").desc(true)])
  .overrideByName("State", [{ id: "mappings", value: STATE_MAPPINGS }, COLOURED])
  .overrideByName("Since", [{ id: "unit", value: "dateTimeFromNow" }])
  .overrideByName("Class", [
    {
      id: "links",
      value: [
        { title: "What it means", url: `${RUNBOOKS_URL}/reason-\${__value.text}.md`, targetBlank: true },
      ],
    },
  ])
  .overrideByName("Interconnect", [DETAIL_LINK]);

const firing = table({
  title: "Firing alerts",
  description: "Alerts of our rules that fire now, each with a link to its runbook.",
  unit: "short",
  width: 24,
  height: 6,
  queries: [
    {
      expr: 'max by (severity, alertname, account, interconnect, group) (ALERTS{alertname=~"CloudflareInterconnect.*",alertstate="firing",job=~"$job|",account=~"$account|"})',
    },
  ],
})
  .withTransformation(
    organize(
      {
        severity: "Severity",
        alertname: "Alert",
        account: "Account",
        interconnect: "Interconnect",
        group: "Group",
      },
      ["Value", "Value #A"],
    ),
  )
  .overrideByName("Alert", [
    {
      id: "links",
      value: [{ title: "Runbook", url: `${RUNBOOKS_URL}/\${__value.text}.md`, targetBlank: true }],
    },
  ])
  .noValue("Nothing fires");

const states = timeline({
  title: "States over time",
  description: "The state of every interconnect over time, in words and colours; grey is Unknown.",
  unit: "short",
  width: 24,
  height: 12,
  queries: [{ expr: `max by (account, interconnect) (${RANK})`, legend: "{{account}}/{{interconnect}}" }],
}).mappings(STATE_MAPPINGS);

const groups = table({
  title: "Groups of redundant interconnects",
  description:
    "Members of each group, how many are Healthy and Unknown, the minimum, and what is left above it.",
  unit: "short",
  width: 12,
  height: 8,
  queries: [
    { expr: `max by (group) (${ofProcess("cloudflare_interconnect_group_members")})` },
    { expr: `max by (group) (${ofProcess("cloudflare_interconnect_group_healthy_members")})` },
    { expr: `min by (group) (${ofProcess("cloudflare_interconnect_group_unknown_members")})` },
    { expr: `max by (group) (${ofProcess("cloudflare_interconnect_group_min_healthy")})` },
    {
      expr: `max by (group) (${ofProcess("cloudflare_interconnect_group_healthy_members")}) - max by (group) (${ofProcess("cloudflare_interconnect_group_min_healthy")})`,
    },
  ],
})
  .withTransformation(
    organize(
      {
        group: "Group",
        "Value #A": "Members",
        "Value #B": "Healthy",
        "Value #C": "Unknown",
        "Value #D": "Minimum",
        "Value #E": "To spare",
      },
      [],
    ),
  )
  .sortBy([new TableSortByFieldStateBuilder().displayName("To spare").desc(false)])
  .overrideByName("To spare", [{ id: "mappings", value: SPARE_MAPPINGS }, COLOURED])
  .noValue("No groups are configured");

const availability = table({
  title: "Availability",
  description:
    "Healthy's share of all time in a known state: over the time shown here, a day and 30 days. Time in Unknown does not count.",
  unit: "percentunit",
  width: 12,
  height: 8,
  queries: [
    { expr: `${spentIn('state="Healthy"')} / (${spentIn('state!="Unknown"')} > 0)` },
    {
      expr: `max by (account, interconnect) (${ofRecord("account_interconnect:cloudflare_interconnect_availability:ratio1d")})`,
    },
    {
      expr: `max by (account, interconnect) (${ofRecord("account_interconnect:cloudflare_interconnect_availability:ratio30d")})`,
    },
  ],
})
  .decimals(3)
  .withTransformation(
    organize(
      {
        account: "Account",
        interconnect: "Interconnect",
        "Value #A": "Time shown",
        "Value #B": "1 day",
        "Value #C": "30 days",
      },
      [],
    ),
  )
  .sortBy([new TableSortByFieldStateBuilder().displayName("Time shown").desc(false)])
  .overrideByName("Interconnect", [DETAIL_LINK]);

const flaps = timeseries({
  title: "Changes of state",
  description:
    "How often each interconnect changed state in the time between two points; changes that Unknown makes are left out.",
  unit: "short",
  width: 12,
  height: 8,
  queries: [
    {
      expr: `max by (account, interconnect) (${changes('state!="Unknown"')} - ${changes('state="Unknown"')}) > 0`,
      legend: "{{account}}/{{interconnect}}",
    },
  ],
}).min(0);

const hourly = timeseries({
  title: "Availability by the hour",
  description: "Healthy's share of all time in a known state, over the hour before each point.",
  unit: "percentunit",
  width: 12,
  height: 8,
  queries: [
    {
      expr: `max by (account, interconnect) (${ofRecord("account_interconnect:cloudflare_interconnect_availability:ratio1h")})`,
      legend: "{{account}}/{{interconnect}}",
    },
  ],
})
  .min(0)
  .max(1);

/** All interconnects at a glance. */
export const OVERVIEW: Dashboard = board({
  uid: UIDS.overview,
  title: "Cloudflare Interconnects: overview",
  description:
    "State of all Cloudflare Network Interconnects. The state is that of port and link: not of BGP, tunnels or traffic.",
  span: "24h",
  rows: [
    { title: "Now", panels: [counts, oldest, worstFirst, firing] },
    { title: "Over time", panels: [states] },
    { title: "Redundancy and availability", panels: [groups, availability, flaps, hourly] },
  ],
});
