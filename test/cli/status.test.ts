import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { status } from "../../src/cli/status.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import type { WorldStatus } from "../../src/simulator/world.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { runWith } from "../helpers/command-context.ts";

const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
const TOKEN = "cfut_token-of-the-status-tests";

interface Setup {
  readonly states: Readonly<Record<string, WorldStatus>>;
  /** What the API does not know. */
  readonly unknown?: readonly string[];
  readonly account?: Readonly<Record<string, unknown>>;
  readonly args?: readonly string[];
  readonly colours?: boolean;
  readonly failsLists?: boolean;
}

/** The command against a simulated API with these interconnects. */
async function run({
  states,
  unknown = [],
  account = {},
  args = [],
  colours = false,
  failsLists = false,
}: Setup) {
  const known = Object.keys(states);
  await using api = await startSimulator({
    accounts: [{ accountId: ACCOUNT_ID, credentials: [TOKEN], interconnects: known }],
  });
  for (const [name, state] of Object.entries(states)) api.setStatus(name, state);
  if (failsLists) api.override({ operation: "list" }, () => ({ status: 403, body: { success: false } }));
  const own = { name: "production", account_id: ACCOUNT_ID, api_token: TOKEN };
  const config = {
    api: { base_url: api.baseUrl },
    poll: { retries: 0 },
    accounts: [{ ...own, interconnects: [...known, ...unknown], ...account }],
  };
  await using folder = await createTempFolder({ "config.yaml": JSON.stringify(config) });
  const path = join(folder.path, "config.yaml");
  return await runWith(status, { args: [`--config.file=${path}`, ...args], colours });
}

const HEALTHY: WorldStatus = { state: "Healthy" };
const DOWN: WorldStatus = { state: "Down", reason: "no light detected" };
const PENDING: WorldStatus = { state: "Pending" };

describe("the exit code and first line of status", () => {
  test.each<[string, number, string, Setup]>([
    [
      "all as expected",
      0,
      "OK - 2 Healthy | down=0 unhealthy=0 unknown=0 pending=0 healthy=2",
      { states: { a: HEALTHY, b: HEALTHY } },
    ],
    [
      "one Down",
      2,
      "CRITICAL - 1 Down, 1 Healthy | down=1 unhealthy=0 unknown=0 pending=0 healthy=1",
      { states: { a: HEALTHY, b: DOWN } },
    ],
    ["one Unhealthy", 2, "CRITICAL - 1 Unhealthy | ", { states: { a: { state: "Unhealthy" } } }],
    ["one Pending", 1, "WARNING - 1 Pending, 1 Healthy | ", { states: { a: HEALTHY, b: PENDING } }],
    [
      "one the API does not know",
      3,
      "UNKNOWN - 1 Unknown, 1 Healthy | ",
      { states: { a: HEALTHY }, unknown: ["z"] },
    ],
    ["a word we do not know", 3, "UNKNOWN - 1 Unknown | ", { states: { a: { state: "Degraded" } } }],
    [
      "Pending beside Unknown",
      1,
      "WARNING - 1 Unknown, 1 Pending | ",
      { states: { a: PENDING }, unknown: ["z"] },
    ],
    [
      "Down beside all others",
      2,
      "CRITICAL - 1 Down, 1 Unknown, 1 Pending, 1 Healthy | ",
      { states: { a: PENDING, b: DOWN, c: HEALTHY }, unknown: ["z"] },
    ],
    [
      "Down where that is expected",
      0,
      "OK - 1 Down | ",
      { states: { a: DOWN }, account: { interconnects: [{ name: "a", expected_state: "Down" }] } },
    ],
    [
      "Healthy where Pending is expected",
      1,
      "WARNING - 1 Healthy | ",
      { states: { a: HEALTHY }, account: { interconnects: [{ name: "a", expected_state: "Pending" }] } },
    ],
    [
      "a list that failed",
      3,
      "UNKNOWN - 1 Healthy | ",
      { states: { a: HEALTHY }, account: { discovery: { enabled: true } }, failsLists: true },
    ],
    [
      "no interconnects at all",
      3,
      "UNKNOWN - no interconnects | ",
      { states: {}, account: { interconnects: [], discovery: { enabled: true } } },
    ],
  ])("%s: %d", async (_name, code, line, setup) => {
    const ran = await run(setup);
    expect(ran.errors).toBe("");
    expect(ran.code).toBe(code);
    expect(ran.printed.split("\n")[0]?.slice(0, line.length)).toBe(line);
  });
});

describe("what status prints", () => {
  const states = { a: HEALTHY, b: DOWN, c: PENDING };

  test("is a table, the worst first, with reasons and failures", async () => {
    const { printed } = await run({ states, unknown: ["z"] });
    const [, head, ...rows] = printed.trimEnd().split("\n");
    expect(head?.split(/ {2,}/)).toEqual(["STATE", "ACCOUNT", "INTERCONNECT", "EXPECTED", "REASON"]);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 4).join(" "))).toEqual([
      "Down production b Healthy",
      "Unknown production z Healthy",
      "Pending production c Healthy",
      "Healthy production a Healthy",
    ]);
    expect(rows[0]).toMatch(/ {2}no light detected$/);
    expect(rows[1]).toContain("404");
  });

  test("is a file of metrics too, when one is named", async () => {
    await using folder = await createTempFolder();
    const file = join(folder.path, "cni.prom");
    expect((await run({ states, args: [`--textfile=${file}`] })).code).toBe(2);
    expect(await readFile(file, "utf8")).toContain(
      'cloudflare_interconnect_state{account="production",interconnect="b",state="Down"} 1\n',
    );
  });

  test("has colours only when asked for", async () => {
    expect((await run({ states })).printed).not.toContain("\u001b");
    const { printed } = await run({ states, colours: true });
    expect(printed).toContain("\u001b[31mDown\u001b[0m");
    expect(printed).toContain("\u001b[33mPending\u001b[0m");
    expect(printed).toContain("\u001b[32mHealthy\u001b[0m");
    expect(printed.split("\n")[0]).not.toContain("\u001b");
  });

  test("is JSON when asked for, without colours, with the same exit code", async () => {
    const { code, printed } = await run({ states, unknown: ["z"], args: ["--output=json"], colours: true });
    expect(code).toBe(2);
    const answer: unknown = JSON.parse(printed);
    expect(answer).toMatchObject({
      verdict: "CRITICAL",
      counts: { Healthy: 1, Unhealthy: 0, Down: 1, Pending: 1, Unknown: 1 },
      interconnects: [
        {
          account: "production",
          interconnect: "a",
          state: "Healthy",
          expected_state: "Healthy",
          failure: null,
        },
        { interconnect: "b", state: "Down", reason: "no light detected", reason_class: "no_light" },
        { interconnect: "c", state: "Pending" },
        {
          interconnect: "z",
          state: "Unknown",
          failure: { kind: "not_found", message: expect.any(String), cf_ray: expect.any(String) },
        },
      ],
      failed_lists: {},
    });
  });

  test("names the lists that failed, in text and in JSON", async () => {
    const setup = { states: { a: HEALTHY }, account: { discovery: { enabled: true } }, failsLists: true };
    expect((await run(setup)).printed.split("\n")[1]).toMatch(/^production: .*403/);
    const { printed } = await run({ ...setup, args: ["--output=json"] });
    expect(JSON.parse(printed)).toMatchObject({
      failed_lists: { production: { kind: "forbidden", cf_ray: expect.any(String) } },
    });
  });

  test("is nothing but the problems for a configuration that cannot be used; the code is 3", async () => {
    const { code, printed, errors } = await run({ states, account: { account_id: "x" } });
    expect({ code, printed }).toEqual({ code: 3, printed: "" });
    expect(errors).toContain("accounts[0].account_id: ");
  });
});
