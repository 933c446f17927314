import { afterAll, beforeAll, expect, test } from "vitest";
import { STATES } from "../../src/domain/link-state.ts";
import { DEMO_INTERCONNECTS } from "../../src/simulator/demo-world.ts";
import { type DaemonProcess, startDemoProcess } from "../helpers/daemon-process.ts";
import { scrape } from "../helpers/scrape.ts";
import { until, untilTrue } from "../helpers/until.ts";

const HALF_A_MINUTE_MS = 30_000;
let demo: DaemonProcess;

beforeAll(async () => {
  demo = await startDemoProcess();
});
afterAll(() => demo[Symbol.asyncDispose]());

test("demo is ready within half a minute of its start", async () => {
  const early = await fetch(`${demo.origin}/-/ready`);
  expect([200, 503]).toContain(early.status);
  await untilTrue("ready", async () => (await fetch(`${demo.origin}/-/ready`)).ok, HALF_A_MINUTE_MS);
});

test("demo says on standard output where to look", async () => {
  const metrics = /http:\S+\/metrics/.exec(demo.stdout())?.[0];
  expect(metrics).toBeDefined();
  expect((await fetch(metrics ?? "")).status).toBe(200);
});

test("demo shows five state rows, one of them 1, for each interconnect in both formats", async () => {
  for (const format of ["text", "openmetrics"] as const) {
    const { rows, stateOf } = await scrape(demo.origin, format);
    expect(rows("state")).toHaveLength(STATES.length * DEMO_INTERCONNECTS.length);
    for (const interconnect of DEMO_INTERCONNECTS) {
      const states = rows("state", { account: "simulated", interconnect });
      expect(states.map(({ labels }) => labels["state"])).toEqual([...STATES]);
      expect(states.filter(({ value }) => value === 1)).toHaveLength(1);
      expect(STATES).toContain(stateOf(interconnect));
    }
  }
});

test("demo gives the reason of each interconnect that is Down or Unhealthy", async () => {
  const shown = await until("an interconnect that is Down or Unhealthy", async () => {
    const metrics = await scrape(demo.origin);
    const bad = DEMO_INTERCONNECTS.filter((name) => /Down|Unhealthy/.test(metrics.stateOf(name)));
    return bad.length === 0 ? undefined : { metrics, bad };
  });
  for (const interconnect of shown.bad) {
    const { state, reason, reason_class } = shown.metrics.reasonOf(interconnect);
    expect(state).toBe(shown.metrics.stateOf(interconnect));
    expect(reason).toMatch(/\w+ \w+/);
    expect(reason_class).not.toMatch(/^(?:none|other)$/);
  }
  const healthy = DEMO_INTERCONNECTS.filter((name) => shown.metrics.stateOf(name) === "Healthy");
  for (const name of healthy)
    expect(shown.metrics.reasonOf(name)).toMatchObject({ reason: "", reason_class: "none" });
});

/** How often any state was entered so far. */
async function changesSoFar(): Promise<number> {
  const { rows } = await scrape(demo.origin);
  return rows("state_changes_total").reduce((sum, { value }) => sum + value, 0);
}

test("demo changes within half a minute", async () => {
  const before = await changesSoFar();
  await untilTrue("a change of state", async () => (await changesSoFar()) > before, HALF_A_MINUTE_MS);
  expect(await changesSoFar()).toBeGreaterThan(before);
});

test("demo tells site, facility, speed and device of its circuits", async () => {
  const { rows } = await scrape(demo.origin);
  const known = rows("info").filter(({ labels }) =>
    ["site", "facility", "speed"].every((key) => labels[`interconnect_${key}`] !== ""),
  );
  expect(known.length).toBeGreaterThanOrEqual(10);
  expect(known.filter(({ labels }) => labels["interconnect_device"] !== "").length).toBeGreaterThan(3);
});

/** Whether a group has as many healthy members as it must. */
async function standing(name: string): Promise<string> {
  const { rows } = await scrape(demo.origin);
  const [healthy, min] = ["healthy_members", "min_healthy"].map(
    (family) => rows(`group_${family}`, { group: name })[0]?.value ?? Number.NaN,
  );
  return Number(healthy) >= Number(min) ? "enough" : "below";
}

test("demo has a group with what it needs and one that is below its minimum for a while", async () => {
  await untilTrue(
    "frankfurt below its minimum",
    async () => (await standing("frankfurt")) === "below",
    HALF_A_MINUTE_MS,
  );
  expect(await standing("newyork")).toBe("enough");
});

test("demo shows name, state and reason of each interconnect on its page", async () => {
  const response = await fetch(`${demo.origin}/`);
  const page = await response.text();
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  for (const name of DEMO_INTERCONNECTS) expect(page).toContain(`<bdi>${name}</bdi>`);
  expect(page).toMatch(/<li class="row Healthy"[\s\S]*Example Facility EWR/);
  for (const group of ["newyork", "frankfurt"]) expect(page).toContain(`<bdi>${group}</bdi>`);
  expect(page).toContain('href="/metrics"');
});
