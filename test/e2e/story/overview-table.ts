import { ofEach, RANKS_DOWN } from "./picture.ts";
import { between, type Line, secondsAgo } from "./table.ts";

const INTERCONNECT = "account interconnect";
const share = between(0.005, 0.9);

/** Healthy's share: of what was Healthy at first between 0 and 1; nothing for what was only ever Unknown. */
const availability = ofEach((state, key) => {
  if (state === "Unknown") return undefined;
  if (state === "Healthy") return 1;
  return key === "lab icon-fra-01-unhealthy-low-light" || key === "lab icon-fra-02-pending" ? 0 : share;
});
/** Of a record that reads at times, so that what was short, before the change or after it, may be lost. */
const coarse = (most: number) =>
  ofEach((state, key) =>
    availability[key] === share ? between(0, most) : state === "Unknown" ? undefined : availability[key],
  );

/** The alerts of the estate that never end. */
const STANDING = {
  "info CloudflareInterconnectNotAsExpected lab icon-fra-03-steady frankfurt": 1,
  "critical CloudflareInterconnectPendingTooLong lab icon-fra-06 -": 1,
  "warning CloudflareInterconnectTokenExpiring lab - -": 1,
  "critical CloudflareInterconnectUnhealthy lab icon-fra-01-unhealthy-low-light -": 1,
  "warning CloudflareInterconnectUnknown lab icon-fra-04-degraded frankfurt": 1,
  "critical CloudflareInterconnectAuthFailing refused - -": 1,
  "warning CloudflareInterconnectDataStale refused - -": 1,
  "warning CloudflareInterconnectDiscoveryFailing refused - -": 1,
  "warning CloudflareInterconnectGroupUncertain - - frankfurt": 1,
} as const;
const ALERT = "severity alertname account interconnect group";

/** Both members of newyork and all of lhr are Down. */
export const OVERVIEW_DOWN: readonly Line[] = [
  ["overview: Interconnects by state A", "", { "": 2 }],
  ["overview: Interconnects by state B", "", { "": 2 }],
  ["overview: Interconnects by state C", "", { "": 1 }],
  ["overview: Interconnects by state D", "", { "": 4 }],
  ["overview: Interconnects by state E", "", { "": 2 }],
  ["overview: Oldest answer A", "", { "": between(0, 10) }],
  ["overview: Interconnects, worst first A", INTERCONNECT, RANKS_DOWN],
  [
    "overview: Interconnects, worst first B",
    `${INTERCONNECT} reason_class reason`,
    {
      "lab icon-fra-01-unhealthy-low-light low_light rx light level below # dBm": 1,
      "lab icon-fra-02-pending none -": 1,
      "lab icon-fra-03-steady none -": 1,
      'lab icon-fra-04-degraded unknown_state the API answered a state that this version does not know: "Degraded"': 1,
      "lab icon-fra-06 none -": 1,
      "production icon-ewr-01 admin_down port administratively down": 1,
      "production icon-ewr-02 admin_down port administratively down": 1,
      "production icon-lhr-01 no_light no light detected": 1,
      "production icon-lhr-02 no_light no light detected": 1,
      "production icon-par-01 none -": 1,
      "refused icon-bad-01 unauthorized the API did not accept the credential": 1,
    },
  ],
  ["overview: Interconnects, worst first C", INTERCONNECT, ofEach(() => secondsAgo(0, 600, 1000))],
  [
    "overview: Interconnects, worst first D",
    `${INTERCONNECT} interconnect_site circuit_id`,
    {
      "lab icon-fra-01-unhealthy-low-light - -": 1,
      "lab icon-fra-02-pending - -": 1,
      "lab icon-fra-03-steady - -": 1,
      "lab icon-fra-04-degraded - -": 1,
      "lab icon-fra-06 - -": 1,
      "production icon-ewr-01 ewr-a -": 1,
      "production icon-ewr-02 ewr-a -": 1,
      "production icon-lhr-01 lhr-a XC-20417": 1,
      "production icon-lhr-02 lhr-a -": 1,
      "production icon-par-01 par-a -": 1,
      "refused icon-bad-01 - -": 1,
    },
  ],
  [
    "overview: Firing alerts A",
    ALERT,
    {
      ...STANDING,
      "warning CloudflareInterconnectDown production icon-ewr-01 newyork": 1,
      "warning CloudflareInterconnectDown production icon-ewr-02 newyork": 1,
      "critical CloudflareInterconnectDown production icon-lhr-01 -": 1,
      "critical CloudflareInterconnectDown production icon-lhr-02 -": 1,
      "critical CloudflareInterconnectGroupBelowMinimum - - newyork": 1,
    },
  ],
  ["overview: States over time A", INTERCONNECT, RANKS_DOWN],
  ["overview: Groups of redundant interconnects A", "group", { frankfurt: 2, newyork: 2 }],
  ["overview: Groups of redundant interconnects B", "group", { frankfurt: 1, newyork: 0 }],
  ["overview: Groups of redundant interconnects C", "group", { frankfurt: 1, newyork: 0 }],
  ["overview: Groups of redundant interconnects D", "group", { frankfurt: 2, newyork: 1 }],
  ["overview: Groups of redundant interconnects E", "group", { frankfurt: -1, newyork: -1 }],
  ["overview: Availability A", INTERCONNECT, availability],
  ["overview: Availability B", INTERCONNECT, coarse(0.9)],
  ["overview: Availability C", INTERCONNECT, coarse(1)],
  ["overview: Changes of state A", INTERCONNECT, {}],
  ["overview: Availability by the hour A", INTERCONNECT, availability],
];

/** Both members of newyork and one of lhr have just come back. */
export const OVERVIEW_BACK: readonly Line[] = [
  [
    "overview: Changes of state A",
    INTERCONNECT,
    {
      "production icon-ewr-01": between(0.9, 2.5),
      "production icon-ewr-02": between(0.9, 2.5),
      "production icon-lhr-02": between(0.9, 2.5),
    },
  ],
];

/** No answer for longer than stale_after. */
export const OVERVIEW_AWAY: readonly Line[] = [
  ["overview: Interconnects by state A", "", { "": 0 }],
  ["overview: Interconnects by state D", "", { "": 0 }],
  ["overview: Interconnects by state E", "", { "": 11 }],
  ["overview: Oldest answer A", "", { "": between(30, 120) }],
  ["overview: Interconnects, worst first A", INTERCONNECT, ofEach(() => 5)],
  ["overview: Groups of redundant interconnects B", "group", { frankfurt: 0, newyork: 0 }],
  ["overview: Groups of redundant interconnects C", "group", { frankfurt: 2, newyork: 2 }],
];

/** Nothing answers Prometheus; the exporter's alerts on the rest have not ended. */
export const OVERVIEW_GONE: readonly Line[] = [
  ["overview: Interconnects by state A", "", {}],
  ["overview: Interconnects by state D", "", {}],
  ["overview: Interconnects by state E", "", {}],
  ["overview: States over time A", INTERCONNECT, {}],
  [
    "overview: Firing alerts A",
    ALERT,
    {
      "critical CloudflareInterconnectExporterDown - - -": 1,
      "critical CloudflareInterconnectDown production icon-lhr-01 -": 1,
      "warning CloudflareInterconnectDataStale production - -": 1,
    },
    "others",
  ],
];
