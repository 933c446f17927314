import packageJson from "../../../package.json" with { type: "json" };
import { JOB } from "./stage.ts";
import { anyNumber, between, type Line, secondsAgo } from "./table.ts";

const ACCOUNTS = ["lab", "production", "refused"] as const;
const ofAccounts = (value: unknown) => Object.fromEntries(ACCOUNTS.map((account) => [account, value]));
const latency = { list: anyNumber, status: between(0, 2), verify: anyNumber };
const DAY = 86_400;

/** All is well but for the token of one account. */
export const EXPORTER_DOWN: readonly Line[] = [
  ["exporter: Ready A", "", { "": 1 }],
  ["exporter: Configuration accepted A", "", { "": 1 }],
  ["exporter: Interconnects polled A", "", { "": 11 }],
  ["exporter: Last turn of the loop A", "", { "": between(0, 6) }],
  ["exporter: Token expires A", "", { "": secondsAgo(-3 * DAY, -2.9 * DAY, 1000) }],
  ["exporter: Paused for A", "", { "": 0 }],
  ["exporter: Versions A", "job version", { [`${JOB} ${packageJson.version}`]: 1 }],
  ["exporter: Budget used A", "account", ofAccounts(between(0.0001, 0.05))],
  ["exporter: Pauses A", "account", ofAccounts(0)],
  ["exporter: Poll interval A", "account", ofAccounts(3)],
  ["exporter: Poll interval B", "account", ofAccounts(3)],
  ["exporter: Remaining, says Cloudflare A", "account", ofAccounts(between(1, 1200))],
  [
    "exporter: Requests by answer A",
    "operation code",
    { "status 200": between(4, 20), "status 401": between(0.05, 2), "verify 200": 0 },
    "others",
  ],
  ["exporter: Retries A", "account operation", { "production status": 0, "lab status": 0 }, "others"],
  ["exporter: Failed polls by kind A", "account kind", { "refused unauthorized": between(0.05, 2) }],
  ["exporter: Lag A", "job", { [JOB]: between(0, 3) }],
  ["exporter: In flight A", "job", { [JOB]: between(0, 8) }],
  ["exporter: API latency A", "operation", latency],
  ["exporter: API latency B", "operation", latency],
  ["exporter: Discovery A", "account", { production: between(0, 40) }],
  [
    "exporter: Failed discovery and unknown states A",
    "account kind",
    { "refused unauthorized": between(0.01, 2) },
  ],
  ["exporter: Failed discovery and unknown states B", "account", { lab: between(0.3, 2) }],
  ["exporter: Scrape duration A", "job", { [JOB]: between(0, 1.5) }],
  ["exporter: Samples per scrape A", "job", { [JOB]: between(300, 2000) }],
  ["exporter: HTTP requests A", "handler code", { "/metrics 200": between(0.3, 1.5) }, "others"],
  ["exporter: CPU A", "job", { [JOB]: between(0, 2) }],
  ["exporter: Memory A", "job", { [JOB]: between(3e7, 1e9) }],
  ["exporter: Event loop A", "job", { [JOB]: between(0, 5) }],
];

/** The API resets every connection, but for those whose token it does not know. */
export const EXPORTER_AWAY: readonly Line[] = [
  ["exporter: Ready A", "", { "": 1 }],
  [
    "exporter: Requests by answer A",
    "operation code",
    { "status 0": between(1, 20), "status 200": 0 },
    "others",
  ],
  [
    "exporter: Failed polls by kind A",
    "account kind",
    {
      "lab network": between(0.5, 5),
      "production network": between(0.5, 5),
      "refused unauthorized": between(0.05, 2),
    },
  ],
];

/** 429 for the account `production`, to be asked again after 15 s. */
export const EXPORTER_LIMITED: readonly Line[] = [
  ["exporter: Paused for A", "", { "": between(1, 15) }],
  ["exporter: Pauses A", "account", { lab: 0, production: between(1, 15), refused: 0 }],
  [
    "exporter: Failed polls by kind A",
    "account kind",
    { "production rate_limited": between(0.5, 5), "refused unauthorized": between(0.05, 2) },
  ],
];
