import { LAST_KNOWN_DOWN, ofEach, RANKS_DOWN, STATES_DOWN } from "./picture.ts";
import { between, type Line, secondsAgo } from "./table.ts";

const INTERCONNECT = "account interconnect";
const CIRCUIT = "account interconnect interconnect_site group";
const RECORD = "account_interconnect:cloudflare_interconnect";
const GROUP = "group:cloudflare_interconnect_group";
const EXPORTER = "job:cloudflare_interconnect_exporter";
const ALERT = "CloudflareInterconnect";

const CIRCUITS = {
  "lab icon-fra-01-unhealthy-low-light - -": 1,
  "lab icon-fra-02-pending - -": 1,
  "lab icon-fra-03-steady - frankfurt": 1,
  "lab icon-fra-04-degraded - frankfurt": 1,
  "lab icon-fra-06 - -": 1,
  "production icon-ewr-01 ewr-a newyork": 1,
  "production icon-ewr-02 ewr-a newyork": 1,
  "production icon-lhr-01 lhr-a -": 1,
  "production icon-lhr-02 lhr-a -": 1,
  "production icon-par-01 par-a -": 1,
  "refused icon-bad-01 - -": 1,
} as const;

const SITES = {
  "production icon-ewr-01 ewr-a": 1,
  "production icon-ewr-02 ewr-a": 1,
  "production icon-lhr-01 lhr-a": 1,
  "production icon-lhr-02 lhr-a": 1,
  "production icon-par-01 par-a": 1,
} as const;
const ONE_JOB = { "cloudflare-interconnect": 1 } as const;

/** Healthy's share, at most so much of what is no longer Healthy; of the coarse ones what was short may be lost. */
const shares = (most: number) =>
  ofEach((state) => (state === "Unknown" ? undefined : state === "Healthy" ? 1 : between(0, most)));

/**
 * Every rule, while both members of newyork and all of lhr are Down. Not to be had in one story, hence empty: the
 * replica that is down, the loop that stands still, a day of Pending.
 */
export const RULES_DOWN: readonly Line[] = [
  [
    "account_interconnect_state:cloudflare_interconnect_state_seconds:increase1h",
    `${INTERCONNECT} state`,
    {
      "production icon-par-01 Healthy": between(20, 300),
      "production icon-par-01 Down": 0,
      "production icon-lhr-01 Down": between(20, 300),
      "production icon-lhr-01 Unhealthy": 0,
      "lab icon-fra-02-pending Pending": between(20, 300),
      "refused icon-bad-01 Healthy": 0,
    },
    "others",
  ],
  [`${RECORD}_availability:ratio1h`, INTERCONNECT, shares(0.9)],
  [`${RECORD}_availability:ratio1d`, INTERCONNECT, shares(0.9)],
  // At the whole hours alone, of which every 180 s one is over: perhaps none, or one while all were still Healthy.
  [`${RECORD}_availability:ratio30d`, INTERCONNECT, shares(1)],
  [
    `${RECORD}_state_seconds:pending_hours2d`,
    INTERCONNECT,
    ofEach((state) => between(0, state === "Pending" ? 2 : 0)),
    "perhaps",
  ],
  [`${ALERT}ExporterDown`, "job", {}],
  [`${ALERT}ExporterDown 2`, "job instance", {}],
  [`${ALERT}SchedulerStalled`, "job", {}],
  [`${ALERT}NoTargets`, "account", { empty: 0 }],
  [`${ALERT}TargetsVanished`, "account", { annex: 2 }],
  [`${ALERT}AuthFailing`, "account", { refused: between(0.1, 30) }],
  [`${ALERT}RateLimited`, "account", {}],
  [`${ALERT}BudgetStretched`, "account", {}],
  [`${ALERT}TokenExpiring`, "account", { lab: between(2.9 * 86_400, 3 * 86_400) }],
  [`${ALERT}ReloadFailed`, "job", {}],
  [`${ALERT}DiscoveryFailing`, "account", { refused: between(1, 60) }],
  [`instance:cloudflare_interconnect_exporter:scraped`, "job", ONE_JOB],
  [`${EXPORTER}:expected`, "job", ONE_JOB],
  [`${EXPORTER}:answering`, "job", ONE_JOB],
  [`${EXPORTER}:scraped`, "job", { "cloudflare-interconnect": secondsAgo(0, 10) }],
  [`${EXPORTER}:away`, "job", {}],
  [`${EXPORTER}_build_info:scraped`, "job", { "cloudflare-interconnect": secondsAgo(0, 10) }],
  [`${EXPORTER}_build_info:away`, "job", {}],
  [
    "account:cloudflare_interconnect_exporter_discovery_last_success_timestamp_seconds:unlisted",
    "account",
    { refused: 0 },
  ],
  [
    `instance_${RECORD}_last_success_timestamp_seconds:shifted`,
    INTERCONNECT,
    ofEach((_, key) => (key === "refused icon-bad-01" ? undefined : secondsAgo(0, 10))),
  ],
  [
    "account:cloudflare_interconnect_exporter_stale_after_seconds:held",
    "account",
    { annex: 30, empty: 30, lab: 30, production: 30, refused: 30 },
  ],
  [`instance_${RECORD}_info:site`, `${INTERCONNECT} interconnect_site`, SITES],
  [`${RECORD}_last_known_state:freshest`, `${INTERCONNECT} state`, LAST_KNOWN_DOWN],
  [
    `${RECORD}_expected_state:held`,
    `${INTERCONNECT} state`,
    Object.fromEntries(
      Object.keys(STATES_DOWN).map((key) => {
        const expected = key.endsWith("-pending") ? "Pending" : key.endsWith("-steady") ? "Down" : "Healthy";
        return [`${key} ${expected}`, 1];
      }),
    ),
  ],
  [
    `${RECORD}_last_success_timestamp_seconds:held`,
    INTERCONNECT,
    ofEach((_, key) => (key === "refused icon-bad-01" ? secondsAgo(20, 400) : secondsAgo(0, 10))),
  ],
  [`${RECORD}_state:watched`, INTERCONNECT, ofEach(() => 1)],
  [
    `${RECORD}_group_member_info:held`,
    "group account interconnect",
    {
      "frankfurt lab icon-fra-03-steady": 1,
      "frankfurt lab icon-fra-04-degraded": 1,
      "newyork production icon-ewr-01": 1,
      "newyork production icon-ewr-02": 1,
    },
  ],
  [`${RECORD}_info:site`, `${INTERCONNECT} interconnect_site`, SITES],
  [`${RECORD}_info:circuit`, CIRCUIT, CIRCUITS],
  [`${RECORD}_state:rank`, INTERCONNECT, RANKS_DOWN],
  [
    `${ALERT}Down`,
    CIRCUIT,
    {
      "production icon-ewr-01 ewr-a newyork": 1,
      "production icon-ewr-02 ewr-a newyork": 1,
      "production icon-lhr-01 lhr-a -": 1,
      "production icon-lhr-02 lhr-a -": 1,
    },
  ],
  [`${ALERT}Unhealthy`, CIRCUIT, { "lab icon-fra-01-unhealthy-low-light - -": 1 }],
  [
    `${RECORD}_state_seconds:was_healthy`,
    INTERCONNECT,
    ofEach((state, key) => {
      const never = state === "Unknown" || key.endsWith("-low-light") || key.endsWith("-pending");
      return never ? undefined : between(0.1, 400);
    }),
  ],
  [`${ALERT}PendingTooLong`, CIRCUIT, { "lab icon-fra-06 - -": 1 }],
  [`${ALERT}PendingTooLong 2`, CIRCUIT, {}],
  [`${ALERT}NotAsExpected`, CIRCUIT, { "lab icon-fra-03-steady - frankfurt": 1 }],
  [`${ALERT}Flapping`, INTERCONNECT, { "annex icon-ams-01-flap": between(6, 60) }],
  [`${ALERT}Unknown`, CIRCUIT, { "lab icon-fra-04-degraded - frankfurt": 1 }],
  [`${ALERT}DataStale`, "account", { refused: 1 }],
  [`${GROUP}_members:held`, "group", { frankfurt: 2, newyork: 2 }],
  [`${GROUP}_healthy_members:held`, "group", { frankfurt: 1, newyork: 0 }],
  [`${GROUP}_unknown_members:held`, "group", { frankfurt: 1, newyork: 0 }],
  [`${GROUP}_min_healthy:held`, "group", { frankfurt: 2, newyork: 1 }],
  [`${ALERT}GroupBelowMinimum`, "group", { newyork: 0 }],
  [`${ALERT}GroupWithoutRedundancy`, "group", {}],
  [`${ALERT}GroupUncertain`, "group", { frankfurt: 1 }],
];

/** One member of newyork is Down, and lhr. */
export const RULES_MEMBER: readonly Line[] = [
  [`${ALERT}GroupWithoutRedundancy`, "group", { newyork: 1 }],
  [`${ALERT}GroupBelowMinimum`, "group", {}],
  [
    `${ALERT}Down`,
    CIRCUIT,
    {
      "production icon-ewr-01 ewr-a newyork": 1,
      "production icon-lhr-01 lhr-a -": 1,
      "production icon-lhr-02 lhr-a -": 1,
    },
  ],
];

/** No answer of any account for longer than stale_after; only icon-lhr-01 was Down. */
export const RULES_AWAY: readonly Line[] = [
  [`${ALERT}DataStale`, "account", { annex: between(1, 3), lab: 5, production: 5, refused: 1 }],
  [`${ALERT}Down`, CIRCUIT, { "production icon-lhr-01 lhr-a -": 1 }],
  [`${ALERT}GroupBelowMinimum`, "group", {}],
  [`${ALERT}GroupUncertain`, "group", { frankfurt: 0, newyork: 0 }],
  [`${RECORD}_state:rank`, INTERCONNECT, ofEach(() => 5)],
];

export const RULES_LIMITED: readonly Line[] = [
  [`${ALERT}RateLimited`, "account", { production: between(4, 20) }],
  [`${ALERT}Down`, CIRCUIT, { "production icon-lhr-01 lhr-a -": 1 }],
  [`${ALERT}DataStale`, "account", { refused: 1 }],
];

/** The exporter was killed: what was known is held, what is old is old. */
export const RULES_GONE: readonly Line[] = [
  [`${EXPORTER}:away`, "job", ONE_JOB],
  [`${EXPORTER}_build_info:away`, "job", ONE_JOB],
  [`${ALERT}ExporterDown`, "job", { "cloudflare-interconnect": 1 }],
  [`${ALERT}Down`, CIRCUIT, { "production icon-lhr-01 lhr-a -": 1 }],
  [`${ALERT}DataStale`, "account", { annex: 1, lab: 5, production: 5, refused: 1 }],
  [`${GROUP}_healthy_members:held`, "group", { frankfurt: 1, newyork: 2 }],
  [`${ALERT}GroupWithoutRedundancy`, "group", {}],
];

/** More polls than the budget allows, and after that a configuration that was rejected. */
export const RULES_MISCONFIGURED: readonly Line[] = [
  [`${ALERT}ReloadFailed`, "job", { "cloudflare-interconnect": 0 }],
  [`${ALERT}BudgetStretched`, "account", { lab: 2, production: 2 }],
];
