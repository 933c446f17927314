import { afterAll, beforeAll, expect, test } from "vitest";
import { LINK_STATES, STATES } from "../../src/domain/link-state.ts";
import type { ScriptedAnswer } from "../../src/simulator/override.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { startDaemonProcess } from "../helpers/daemon-process.ts";
import { scrape, type Scrape } from "../helpers/scrape.ts";
import { until, untilTrue } from "../helpers/until.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";

/** Names say to the simulator which state they are in for ever. */
const STATE_OF = {
  "icon-ewr-01-steady": "Healthy",
  "icon-ewr-02-down-no-light": "Down",
  "icon-lhr-01-unhealthy-low-light": "Unhealthy",
  "icon-lhr-02-pending": "Pending",
} as const;
const INTERCONNECTS = Object.keys(STATE_OF);
const EXPECTED = Object.entries(STATE_OF);
const STALE_AFTER_SECONDS = 4;

/** What the API does in place of answering; undefined while it is up. */
let outage: ScriptedAnswer | undefined;
let origin: string;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  await using started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ accounts: [accountWith(INTERCONNECTS)] }));
  simulator.override({}, () => outage);
  const poll = { interval: "1s", retries: 0, stale_after: `${STALE_AFTER_SECONDS}s` };
  const config = configFor(simulator, INTERCONNECTS, poll);
  const daemon = started.use(await startDaemonProcess({ config }));
  ({ origin } = daemon);
  await untilTrue("ready", async () => (await fetch(`${origin}/-/ready`)).ok);
  const running = started.move();
  stop = () => running.disposeAsync();
});
afterAll(() => stop?.());

/** The first scrape in which this holds for every interconnect. */
async function scrapeWhen(what: string, holds: (metrics: Scrape, name: string) => boolean): Promise<Scrape> {
  return await until(what, async () => {
    const metrics = await scrape(origin);
    return INTERCONNECTS.every((name) => holds(metrics, name)) ? metrics : undefined;
  });
}

function failures({ rows }: Scrape, interconnect: string, kind: string): number {
  return rows("poll_failures_total", { interconnect, kind })[0]?.value ?? 0;
}

/** The states that were entered, each with how often. */
function changes({ rows }: Scrape, interconnect: string): Record<string, number> {
  const entered = rows("state_changes_total", { interconnect }).filter(({ value }) => value > 0);
  return Object.fromEntries(entered.map(({ labels, value }) => [labels["state"], value]));
}

function secondsIn({ value }: Scrape, interconnect: string, state: string): number {
  return value("state_seconds_total", { interconnect, state });
}

// One story in three parts: each test goes on from where the one before it ended.
test("a short outage leaves every state as it was, and counts the failures by kind", async () => {
  const before = await scrape(origin);
  for (const [name, state] of EXPECTED) expect(before.stateOf(name)).toBe(state);

  outage = { status: 503, body: "upstream is away" };
  const during = await scrapeWhen(
    "a failed poll of each",
    (metrics, name) => failures(metrics, name, "server_error") >= 1,
  );
  outage = undefined;
  for (const [interconnect, state] of EXPECTED) {
    expect(during.rows("state", { interconnect })).toHaveLength(STATES.length);
    expect(during.stateOf(interconnect)).toBe(state);
    expect(during.reasonOf(interconnect)).toEqual(before.reasonOf(interconnect));
    expect(during.value("poll_success", { interconnect })).toBe(0);
  }

  const after = await scrapeWhen(
    "polls to succeed again",
    ({ value }, interconnect) => value("poll_success", { interconnect }) === 1,
  );
  for (const [name, state] of EXPECTED) {
    expect(after.stateOf(name)).toBe(state);
    expect(changes(after, name)).toEqual({});
    expect(
      after.rows("poll_failures_total", { interconnect: name }).map(({ labels }) => labels["kind"]),
    ).toEqual(["server_error"]);
  }
  const total = INTERCONNECTS.reduce((sum, name) => sum + failures(after, name, "server_error"), 0);
  expect(after.value("exporter_poll_failures_total", { account: "production", kind: "server_error" })).toBe(
    total,
  );
  expect(after.value("exporter_poll_failures_total", { account: "production", kind: "network" })).toBe(0);
});

test("a long outage makes every state Unknown after stale_after, and keeps the state last known", async () => {
  const startedSeconds = Date.now() / 1000;
  outage = { delivery: { kind: "reset" } };
  const during = await scrapeWhen("Unknown", ({ stateOf }, name) => stateOf(name) === "Unknown");
  for (const [interconnect, state] of EXPECTED) {
    expect(during.rows("state", { interconnect }).map(({ value }) => value)).toEqual([0, 0, 0, 0, 1]);
    expect(during.reasonOf(interconnect)).toMatchObject({ state: "Unknown", reason_class: "network" });
    expect(during.value("last_known_state", { interconnect, state })).toBe(1);
    expect(during.rows("last_known_state", { interconnect })).toHaveLength(LINK_STATES.length);
    expect(failures(during, interconnect, "network")).toBeGreaterThan(0);
    expect(changes(during, interconnect)).toEqual({ Unknown: 1 });
    const lastSuccess = during.value("last_success_timestamp_seconds", { interconnect });
    const since = during.value("state_since_timestamp_seconds", { interconnect });
    expect(lastSuccess).toBeLessThan(startedSeconds + 1);
    expect(since - lastSuccess).toBeCloseTo(STALE_AFTER_SECONDS, 1);
  }
});

test("after the outage every state returns, with one change each way and no second lost", async () => {
  const during = await scrape(origin);
  outage = undefined;
  const after = await scrapeWhen("the states to return", ({ stateOf }, name) => stateOf(name) !== "Unknown");
  for (const [interconnect, state] of EXPECTED) {
    expect(after.stateOf(interconnect)).toBe(state);
    expect(after.reasonOf(interconnect)["reason_class"]).not.toBe("network");
    expect(after.value("poll_success", { interconnect })).toBe(1);
    expect(changes(after, interconnect)).toEqual({ Unknown: 1, [state]: 1 });

    const startSeconds = after.value("exporter_config_last_reload_success_timestamp_seconds", {});
    const lastEventSeconds = after.value("last_success_timestamp_seconds", { interconnect });
    const all = STATES.reduce((sum, each) => sum + secondsIn(after, interconnect, each), 0);
    expect(Math.abs(all - (lastEventSeconds - startSeconds))).toBeLessThan(1);

    const awaySeconds =
      after.value("state_since_timestamp_seconds", { interconnect }) -
      during.value("state_since_timestamp_seconds", { interconnect });
    const firstAnswerSeconds = 1;
    const unknown = secondsIn(after, interconnect, "Unknown");
    expect(unknown).toBeGreaterThan(awaySeconds - 0.1);
    expect(unknown).toBeLessThan(awaySeconds + firstAnswerSeconds + 1);
    expect(secondsIn(after, interconnect, state)).toBeCloseTo(all - unknown, 3);
  }
});
