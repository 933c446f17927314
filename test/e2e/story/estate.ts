import type { Simulator } from "../../../src/simulator/simulator.ts";

/** Every duration of the rules, and of what they were reasoned from, is divided by this. */
export const DIVISOR = 20;
/** `poll.stale_after` of the story: the default of 10m, divided. */
export const STALE_AFTER_SECONDS = 30;
/** Length of one beat of the interconnect that flaps: its losses are shorter than `for` of Down. */
const BEAT_MS = 3000;

const HEX = "023e105f4ecef8ad9ca31a8372d0c35";
const DAY_MS = 86_400_000;

/** What the API knows. The account `refused` has a token that it does not. */
const INTERCONNECTS = {
  production: ["icon-ewr-01", "icon-ewr-02", "icon-lhr-01", "icon-lhr-02", "icon-par-01"],
  lab: [
    "icon-fra-01-unhealthy-low-light",
    "icon-fra-02-pending",
    "icon-fra-03-steady",
    "icon-fra-04-degraded",
    "icon-fra-06",
  ],
  annex: ["icon-ams-01-flap", "icon-ams-02", "icon-ams-03"],
  empty: [],
} as const;
type Account = keyof typeof INTERCONNECTS;

export const ACCOUNT_IDS = {
  production: `${HEX}1`,
  lab: `${HEX}2`,
  annex: `${HEX}3`,
  empty: `${HEX}4`,
  refused: `${HEX}5`,
} as const;

const tokenOf = (account: Account | "refused"): string => `cfut_token-of-${account}`;

/** An account as the simulator knows it. */
function known(account: Account) {
  return {
    accountId: ACCOUNT_IDS[account],
    credentials: [tokenOf(account)],
    interconnects: INTERCONNECTS[account],
  };
}

/** Options of the simulator: four accounts; the token of `lab` expires in three days. */
export function simulatedEstate(nowMs: number) {
  const tokenExpiresOn = new Date(nowMs + 3 * DAY_MS).toISOString();
  return {
    beatMs: BEAT_MS,
    epochMs: nowMs,
    accounts: [
      known("production"),
      Object.assign(known("lab"), { tokenExpiresOn }),
      known("annex"),
      known("empty"),
    ],
  };
}

function account(name: Account | "refused", more: Readonly<Record<string, unknown>>) {
  return { name, account_id: ACCOUNT_IDS[name], api_token: tokenOf(name), ...more };
}

export type StoryConfig = ReturnType<typeof estateConfig>;

/** The defaults of the exporter divided, and an estate in which nearly every alert has a cause. */
export function estateConfig(simulator: Pick<Simulator, "baseUrl">) {
  const discovery = { enabled: true, interval: "30s" };
  const often = { enabled: true, interval: "4s" };
  const [ewr1, ewr2, lhr1, ...rest] = INTERCONNECTS.production;
  const [unhealthy, pending, steady, degraded, turned] = INTERCONNECTS.lab;
  return {
    poll: {
      interval: "3s",
      attention_interval: "1s",
      timeout: "2s",
      stale_after: `${STALE_AFTER_SECONDS}s`,
      retries: 0,
    },
    // Short intervals need more than Cloudflare allows.
    api: { base_url: simulator.baseUrl, budget: 100_000 },
    accounts: [
      account("production", {
        discovery,
        interconnects: [ewr1, ewr2, { name: lhr1, labels: { circuit_id: "XC-20417" } }, ...rest],
      }),
      account("lab", {
        interconnects: [
          unhealthy,
          { name: pending, expected_state: "Pending" },
          { name: steady, expected_state: "Down" },
          degraded,
          turned,
        ],
      }),
      account("annex", { discovery: often }),
      account("empty", { discovery: often }),
      account("refused", { discovery: often, interconnects: ["icon-bad-01"] }),
    ],
    groups: [
      { name: "newyork", members: [`production/${ewr1}`, `production/${ewr2}`] },
      { name: "frankfurt", members: [`lab/${steady}`, `lab/${degraded}`], min_healthy: 2 },
    ],
  };
}

/** A poll per second, which is more than the budget allows; what the story has used of it already must fit in. */
export function tooOften({ poll, api, ...rest }: StoryConfig): unknown {
  return { ...rest, poll: { ...poll, interval: "1s", timeout: "1s" }, api: { ...api, budget: 1200 } };
}
