import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import type { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { RUNBOOKS_URL, UIDS } from "./links.ts";
import { organize, table } from "./panels.ts";
import { freshest, ofAccount, ofProcess, ofRecord, oneOf, withReason } from "./selectors.ts";
import { SPARE_MAPPINGS, STATE_MAPPINGS } from "./states.ts";

const RANK = ofRecord("account_interconnect:cloudflare_interconnect_state:rank");
const INFO = "cloudflare_interconnect_info";
const COLOURED = { id: "custom.cellOptions", value: { type: "color-text" } };
const DETAIL_LINK = {
  id: "links",
  value: [
    {
      title: "Show this interconnect",
      url: `/d/${UIDS.detail}?\${__url_time_range}&\${datasource:queryparam}&\${job:queryparam}&var-account=\${__data.fields["Account"]:percentencode}&var-interconnect=\${__data.fields["Interconnect"]:percentencode}`,
    },
  ],
};

function spentIn(matcher: string): string {
  const rows = ofAccount("cloudflare_interconnect_state_seconds_total", matcher);
  return `sum by (account, interconnect) (increase(${rows}[$__range]))`;
}

/** State, reason and circuit of every interconnect, the worst on top. */
export const WORST_FIRST: PanelBuilder = table({
  title: "Interconnects, worst first",
  description:
    "State, reason and circuit of every interconnect, as last read from the API. Since: the start of this unbroken run of the state; a restart of an exporter without storage begins a new one.",
  unit: "short",
  width: 24,
  height: 10,
  queries: [
    { expr: `max by (account, interconnect) (${RANK})` },
    {
      expr: withReason(
        `max by (account, interconnect, reason_class, reason) (${oneOf(freshest(ofAccount("cloudflare_interconnect_reason_info")))})`,
      ),
    },
    {
      expr: `1000 * max by (account, interconnect) (${freshest(ofAccount("cloudflare_interconnect_state_since_timestamp_seconds"))})`,
    },
    {
      // Of two replicas the one that has read the list knows more.
      expr: `group without (job, instance, pod, namespace, container, endpoint, service, node) (${oneOf(
        `2 * ${ofAccount(INFO, 'interconnect_site!=""')} or ${ofAccount(INFO)}`,
      )})`,
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
      value: [{ title: "What it means", url: `${RUNBOOKS_URL}/reason-\${__value.text}`, targetBlank: true }],
    },
  ])
  .overrideByName("Interconnect", [DETAIL_LINK]);

/** What fires now, with links to the runbooks. */
export const FIRING: PanelBuilder = table({
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
      value: [{ title: "Runbook", url: `${RUNBOOKS_URL}/\${__value.text}`, targetBlank: true }],
    },
  ])
  .noValue("Nothing fires");

/** What each group of redundant circuits has to spare. */
export const GROUPS: PanelBuilder = table({
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

/** Healthy's share of the known time. */
export const AVAILABILITY: PanelBuilder = table({
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
