import { between, type Line, secondsAgo } from "./table.ts";

/** icon-lhr-01 is Down. */
export const DETAIL_DOWN: readonly Line[] = [
  ["detail: State A", "", { "": 4 }],
  ["detail: Last known state A", "state", { Down: 1 }],
  ["detail: Expected state A", "state", { Healthy: 1 }],
  ["detail: Since A", "", { "": secondsAgo(10, 300, 1000) }],
  ["detail: Age of the answer A", "", { "": between(0, 6) }],
  ["detail: Availability A", "", { "": between(0.005, 0.5) }],
  ["detail: Reason A", "state reason_class reason", { "Down no_light no light detected": 1 }],
  [
    "detail: Circuit A",
    "account interconnect account_id interconnect_type interconnect_site interconnect_facility interconnect_speed circuit_id",
    {
      "production icon-lhr-01 023e105f4ecef8ad9ca31a8372d0c351 direct lhr-a Example Facility LHR 100G XC-20417": 1,
    },
  ],
  ["detail: Speed A", "", { "": 12.5e9 }],
  ["detail: State over time A", "", { "": 4 }],
  ["detail: Reasons over time A", "reason_class reason", { "no_light no light detected": 1 }],
  [
    "detail: Time in state A",
    "state",
    { Down: between(0.5, 1.5), Healthy: 0, Pending: 0, Unhealthy: 0, Unknown: 0 },
  ],
  ["detail: States entered A", "state", { Down: 0, Healthy: 0, Pending: 0, Unhealthy: 0, Unknown: 0 }],
  // The attention interval of a second.
  ["detail: Polls and failures A", "", { "": between(0.5, 1.5) }],
  ["detail: Polls and failures B", "kind", {}],
  ["detail: Age of the answer over time A", "interconnect", { "icon-lhr-01": between(0, 6) }],
  ["detail: Age of the answer over time B", "", { "": 30 }],
];

/** No answer for longer than stale_after: Unknown and why, and still known to have been Down. */
export const DETAIL_AWAY: readonly Line[] = [
  ["detail: State A", "", { "": 5 }],
  ["detail: Last known state A", "state", { Down: 1 }],
  ["detail: Age of the answer A", "", { "": between(30, 120) }],
  ["detail: Reason A", "state reason_class reason", { "Unknown network the API could not be reached": 1 }],
  // The steady interval of three seconds.
  ["detail: Polls and failures B", "kind", { network: between(0.1, 0.8) }],
];

/** 429, but not for longer than stale_after. */
export const DETAIL_LIMITED: readonly Line[] = [
  ["detail: State A", "", { "": 4 }],
  ["detail: Reason A", "state reason_class reason", { "Down no_light no light detected": 1 }],
  ["detail: Polls and failures B", "kind", { rate_limited: between(0.1, 0.8) }, "others"],
];

export const DETAIL_GONE: readonly Line[] = [
  ["detail: State A", "", {}],
  ["detail: Last known state A", "state", { Down: 1 }],
];
