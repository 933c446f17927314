import { BigValueColorMode, BigValueTextMode } from "@grafana/grafana-foundation-sdk/common";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { board, INTERCONNECT_VARIABLE } from "./board.ts";
import { HISTORY, POLLING } from "./detail-history.ts";
import { RUNBOOKS_URL, UIDS } from "./links.ts";
import { ofOne, ONE, RANK_OF_ONE } from "./one.ts";
import { organize, stat, table } from "./panels.ts";
import { ageOf, freshest, ofRecord, oneOf, withReason } from "./selectors.ts";
import { STATE_MAPPINGS } from "./states.ts";

const state = stat({
  title: "State",
  description:
    "The state now: as last read from the API, or Unknown when there is no answer that is believed.",
  unit: "short",
  width: 5,
  height: 4,
  queries: [{ expr: RANK_OF_ONE, legend: "state" }],
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
      { expr: `max by (state) (${ofOne("cloudflare_interconnect_expected_state")})`, legend: "{{state}}" },
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
      expr: `1000 * max(${freshest(ofOne("cloudflare_interconnect_state_since_timestamp_seconds"), ONE)})`,
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
      expr: `min(${ageOf(ofOne("cloudflare_interconnect_last_success_timestamp_seconds"))})`,
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
      expr: `sum(increase(${ofOne("cloudflare_interconnect_state_seconds_total", 'state="Healthy"')}[$__range])) / (sum(increase(${ofOne("cloudflare_interconnect_state_seconds_total", 'state!="Unknown"')}[$__range])) > 0)`,
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
      expr: withReason(
        `max by (state, reason_class, reason) (${oneOf(freshest(ofOne("cloudflare_interconnect_reason_info"), ONE))})`,
      ),
    },
  ],
})
  .withTransformation(
    organize({ state: "State", reason_class: "Class", reason: "Reason" }, ["Value", "Value #A"]),
  )
  .overrideByName("Class", [
    {
      id: "links",
      value: [{ title: "What it means", url: `${RUNBOOKS_URL}/reason-\${__value.text}`, targetBlank: true }],
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
      // Of two replicas the one that has read the list knows more.
      expr: `group without (job, instance, pod, namespace, container, endpoint, service, node) (${oneOf(
        `2 * ${ofOne("cloudflare_interconnect_info", 'interconnect_site!=""')} or ${ofOne("cloudflare_interconnect_info")}`,
      )})`,
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
    { title: "Over time", panels: HISTORY },
    { title: "Polling", panels: POLLING },
  ],
});
