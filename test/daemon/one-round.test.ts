import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/base/random.ts";
import type { Config } from "../../src/config/config.ts";
import { oneRound, type OneRound } from "../../src/daemon/one-round.ts";
import { createFakeApi, type FakeApi } from "../helpers/fake-api.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { testAccount, testConfig } from "../helpers/generation-subject.ts";
import { createSinkLog } from "../helpers/sink-log.ts";

interface Round {
  readonly clock: FakeClock;
  readonly api: FakeApi;
  readonly stop: AbortController;
  readonly ended: Promise<OneRound>;
}

function start(config: Config, prepare: (api: FakeApi) => void = () => undefined, poll = true): Round {
  const clock = new FakeClock();
  const api = createFakeApi(clock);
  prepare(api);
  const stop = new AbortController();
  const random = seededRandom(1);
  const { connect } = api;
  const { signal } = stop;
  const ended = oneRound({ config, connect, poll, clock, random, log: createSinkLog(), signal });
  return { clock, api, stop, ended };
}

function statesOf({ snapshot }: OneRound): string[] {
  return snapshot.state.entries.all.map(({ target, state }) => `${target.key} ${state}`);
}

describe("oneRound()", () => {
  test("polls each once, without the daemon's pace, and leaves no timer behind", async () => {
    const config = await testConfig({ accounts: [testAccount("east", 40), testAccount("west", 2)] });
    const it = start(config, (api) => {
      api.latencyMs = 100;
      api.reply = ({ account }) => ({ state: account === "east" ? "Healthy" : "Down" });
    });
    await it.clock.advance(1000);
    const round = await it.ended;
    expect(round.snapshot.state.entries.all.map(({ polls }) => polls)).toEqual(
      Array.from({ length: 42 }, () => 1),
    );
    expect(statesOf(round).slice(-2)).toEqual(["west/icon-000 Down", "west/icon-001 Down"]);
    expect(it.clock.sleeping).toBe(0);
  });

  test("lists first where discovery is on, and polls what is wanted of that too", async () => {
    const discovery = { enabled: true, exclude: ["lab-*"] };
    const it = start(await testConfig({ accounts: [{ ...testAccount("east", 1), discovery }] }), (api) => {
      api.listed = () => ["found-1", "lab-1"];
    });
    await it.clock.advance(0);
    expect(statesOf(await it.ended)).toEqual(["east/icon-000 Healthy", "east/found-1 Healthy"]);
  });

  test("only lists when told not to poll", async () => {
    const accounts = [{ ...testAccount("east", 0), discovery: { enabled: true } }];
    const it = start(
      await testConfig({ accounts }),
      (api) => {
        api.listed = () => ["found-1"];
      },
      false,
    );
    await it.clock.advance(0);
    expect(statesOf(await it.ended)).toEqual(["east/found-1 Unknown"]);
    expect(it.api.requests.map(({ operation }) => operation)).toEqual(["list"]);
  });

  test("names the lists that failed and why, and polls what is listed all the same", async () => {
    const accounts = [{ ...testAccount("east", 1), discovery: { enabled: true } }, testAccount("west", 1)];
    const it = start(await testConfig({ accounts }), (api) => {
      api.reply = ({ operation }) => (operation === "list" ? { fails: "tls" } : { state: "Healthy" });
    });
    await it.clock.advance(0);
    const round = await it.ended;
    expect([...round.failedLists]).toEqual([["east", { kind: "tls", message: "tls of the fake API" }]]);
    expect(statesOf(round)).toEqual(["east/icon-000 Healthy", "west/icon-000 Healthy"]);
  });

  test("rejects for a bug in a list instead of showing an account without interconnects", async () => {
    const accounts = [{ ...testAccount("east", 0), discovery: { enabled: true } }];
    const bug = new TypeError("a bug");
    const it = start(await testConfig({ accounts }), (api) => {
      api.listed = () => {
        throw bug;
      };
    });
    const [outcome] = await Promise.all([it.ended.catch((error: unknown) => error), it.clock.advance(0)]);
    expect(outcome).toBe(bug);
  });

  test("retries what can be retried, within the poll's own time", async () => {
    let count = 0;
    const it = start(await testConfig({ accounts: [testAccount("east", 1)] }), (api) => {
      api.reply = () => ((count += 1) === 1 ? { fails: "network" } : { state: "Healthy" });
    });
    await it.clock.advance(1000);
    expect(statesOf(await it.ended)).toEqual(["east/icon-000 Healthy"]);
  });

  test("does not hang when the budget is smaller than the round: the rest fails as throttled", async () => {
    const config = await testConfig({ api: { budget: 10 }, accounts: [testAccount("east", 15)] });
    const it = start(config);
    await it.clock.advance(0);
    const { snapshot } = await it.ended;
    const kinds = snapshot.state.entries.all.map(({ failure }) => failure?.kind);
    expect(kinds.filter((kind) => kind === undefined)).toHaveLength(10);
    expect(kinds.filter((kind) => kind === "throttled")).toHaveLength(5);
    expect(it.api.requests).toHaveLength(10);
  });

  test("nor when lists have spent part of it", async () => {
    const accounts = [{ ...testAccount("east", 15), discovery: { enabled: true } }];
    const it = start(await testConfig({ api: { budget: 10 }, accounts }));
    await it.clock.advance(60_000);
    const { snapshot } = await it.ended;
    expect(snapshot.state.entries.all.filter(({ failure }) => failure?.kind === "throttled")).toHaveLength(6);
  });

  test("ends when it is stopped, with what it has", async () => {
    const it = start(await testConfig({ accounts: [testAccount("east", 2)] }), (api) => {
      api.reply = ({ interconnect }) => (interconnect === "icon-001" ? "hang" : { state: "Healthy" });
    });
    await it.clock.advance(0);
    it.stop.abort(new Error("stopped"));
    expect(statesOf(await it.ended)).toEqual(["east/icon-000 Healthy", "east/icon-001 Unknown"]);
    expect(it.clock.sleeping).toBe(0);
  });
});
