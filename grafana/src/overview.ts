import { BigValueTextMode } from "@grafana/grafana-foundation-sdk/common";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { board } from "./board.ts";
import { UIDS } from "./links.ts";
import { AVAILABILITY, FIRING, GROUPS, WORST_FIRST } from "./overview-tables.ts";
import { stat, timeline, timeseries } from "./panels.ts";
import { ageOf, ofAccount, ofRecord } from "./selectors.ts";
import { SHOWN_STATES, STATE_MAPPINGS } from "./states.ts";

const RANK = ofRecord("account_interconnect:cloudflare_interconnect_state:rank");
function changes(matcher: string): string {
  const rows = ofAccount("cloudflare_interconnect_state_changes_total", matcher);
  return `sum by (job, instance, account, interconnect) (increase(${rows}[$__rate_interval]))`;
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
      // Nothing, and not 0 Down, while nobody says anything.
      expr: `sum(${RANK} == bool ${rank})`,
      legend: name,
    })),
  },
  BigValueTextMode.ValueAndName,
).noValue("not known: no exporter answers");
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
      expr: `max(min by (job, account, interconnect) (${ageOf(ofAccount("cloudflare_interconnect_last_success_timestamp_seconds"))}))`,
      legend: "age",
    },
  ],
});

const states = timeline({
  title: "States over time",
  description: "The state of every interconnect over time, in words and colours; grey is Unknown.",
  unit: "short",
  width: 24,
  height: 12,
  queries: [{ expr: `max by (account, interconnect) (${RANK})`, legend: "{{account}}/{{interconnect}}" }],
}).mappings(STATE_MAPPINGS);

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
    { title: "Now", panels: [counts, oldest, WORST_FIRST, FIRING] },
    { title: "Over time", panels: [states] },
    { title: "Redundancy and availability", panels: [GROUPS, AVAILABILITY, flaps, hourly] },
  ],
});
