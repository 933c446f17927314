import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AccountRecords, newAccountRecords } from "../../src/daemon/account-records.ts";
import { recallState, startKeeping, type StateKeeper } from "../../src/daemon/keep-state.ts";
import type { Remembered } from "../../src/domain/entry.ts";
import { NO_HISTORY } from "../../src/domain/history.ts";
import type { Event } from "../../src/domain/state.ts";
import { NO_INFO } from "../../src/domain/target.ts";
import { CredentialUsage } from "../../src/poll/credential-usage.ts";
import { createStore, type Store } from "../../src/poll/store.ts";
import { openStateFile, type StateFile } from "../../src/storage/state-file.ts";
import { answer, buildPlan, buildTarget, failure, planned } from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog, type SinkLog } from "../helpers/sink-log.ts";
import { createTempFolder, type TempFolder } from "../helpers/temp-folder.ts";
import { untilTrue } from "../helpers/until.ts";

const TARGET = buildTarget();
const BUDGET = 600;

/** One process: all that it knows, and a keeper that may be started. */
interface Life {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly records: AccountRecords;
  readonly log: SinkLog;
  readonly recall: () => Promise<void>;
  readonly keep: () => Promise<StateKeeper>;
  readonly dispatch: (event: Event) => void;
  readonly writes: () => number;
  readonly id: string;
}

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

let lives = 0;

function newLife(clock = new FakeClock(), broken?: () => boolean): Life {
  const writerId = `life-${(lives += 1)}`;
  const real = openStateFile(folder.path, `t${lives}`);
  let writes = 0;
  const stateFile: StateFile = {
    ...real,
    async write(lines) {
      if (broken?.() === true) throw new Error("disk full");
      await real.write(lines);
      writes += 1;
    },
  };
  let keeper: StateKeeper | undefined;
  const store = createStore(clock, (before, after, event) => keeper?.observe(before, after, event));
  const records = newAccountRecords();
  const log = createSinkLog();
  const options = { stateFile, store, records, budget: () => BUDGET, writerId, clock, log };
  return {
    clock,
    store,
    records,
    log,
    recall: () => recallState(options),
    async keep() {
      keeper = await startKeeping(options);
      return keeper;
    },
    dispatch: store.dispatch,
    writes: () => writes,
    id: writerId,
  };
}

const plan = (life: Life): void => life.dispatch(planned(buildPlan([TARGET]), life.clock.now()));

/** The life after this one, `awayMs` later by the wall clock and with another monotonic one. */
async function lifeAfter(life: Life, awayMs: number): Promise<Life> {
  const next = newLife(new FakeClock(life.clock.now().unixMs + awayMs));
  await next.recall();
  return next;
}

/** Lets a write that is due happen. */
async function written(life: Life, count: number): Promise<void> {
  await untilTrue("the state to be written", () => life.writes() === count);
  await untilTrue("the keeper to sleep", () => life.clock.sleeping === 1);
}

/** A usage that has sent 10 requests, kept for 30 s; `end` ends the process. */
async function spent(end: (keeper: StateKeeper) => Promise<void>): Promise<Life> {
  const life = newLife();
  const usage = new CredentialUsage();
  life.records.credentials.set("production", "key");
  life.records.usages.set("key", usage);
  for (let index = 0; index < 10; index += 1) usage.take(life.clock.now().monoMs, BUDGET);
  usage.pause(life.clock.now(), 120_000);
  await end(await life.keep());
  return life;
}
const cleanly = async (keeper: StateKeeper): Promise<void> => {
  await keeper[Symbol.asyncDispose]();
};
// Killed: its file stays as it was written last.
const killed = async (): Promise<void> => undefined;

function usedIn({ records, clock }: Life): number | undefined {
  return records.usages.get("key")?.used(clock.now().monoMs);
}

describe("startKeeping()", () => {
  test("writes at once, within a second of a change of state, and else every 30 s", async () => {
    const life = newLife();
    await using keeper = await life.keep();
    expect(life.writes()).toBe(1);
    plan(life);
    await life.clock.advance(500);
    await written(life, 2);
    life.dispatch(answer(life.clock.now(), "Down"));
    await life.clock.advance(500);
    await written(life, 3);
    for (let polls = 0; polls < 20; polls += 1) {
      life.dispatch(answer(life.clock.now(), "Down"));
      life.dispatch(failure(life.clock.now(), "timeout"));
      await life.clock.advance(1000);
    }
    expect(life.writes()).toBe(3);
    await life.clock.advance(10_500);
    await written(life, 4);
    life.records.usages.set("key", new CredentialUsage());
    await life.clock.advance(500);
    await written(life, 5);
    life.records.usages.get("key")?.pause(life.clock.now(), 60_000);
    await life.clock.advance(500);
    await written(life, 6);
    expect(keeper).toBeDefined();
  });

  test("writes a credential's requests by the second, never earlier than they were sent", async () => {
    const life = newLife();
    const usage = new CredentialUsage();
    life.records.usages.set("key", usage);
    for (const elapsedMs of [0, 200_000, 400, 600, 99_001]) {
      await life.clock.advance(elapsedMs);
      usage.take(life.clock.now().monoMs, BUDGET);
    }
    usage.pause(life.clock.now(), 60_000.5);
    await life.keep();
    const text = await readFile(join(folder.path, "state.json"), "utf8");
    expect(JSON.parse(text.split("\n")[1] ?? "")).toEqual({
      ledger: "key",
      sent: [
        [1_800_000_200, 1],
        [1_800_000_201, 2],
        [1_800_000_301, 1],
      ],
      paused_until_ms: 1_800_000_360_002,
    });
  });

  test("does not encode again what has not changed", async () => {
    const life = newLife();
    const at = life.clock.now();
    let looks = 0;
    const known: Remembered = {
      state: "Down",
      since: at,
      changed: undefined,
      lastKnown: "Down",
      lastSuccess: at,
      history: NO_HISTORY,
      get reason() {
        looks += 1;
        return { text: "", class: "none" };
      },
    };
    life.dispatch({ type: "remembered", at, interconnects: new Map([[TARGET.key, known]]) });
    plan(life);
    const keeper = await life.keep();
    const first = looks;
    await keeper[Symbol.asyncDispose]();
    expect(life.writes()).toBe(2);
    expect(first).toBeGreaterThan(0);
    expect(looks).toBe(first);
  });

  test("warns once while the file cannot be written, counts it, and goes on", async () => {
    let broken = false;
    const life = newLife(new FakeClock(), () => broken);
    const keeper = await life.keep();
    const startMs = life.clock.now().unixMs;
    expect(keeper.reading()).toEqual({ failures: 0, lastWriteMs: startMs });
    broken = true;
    plan(life);
    await life.clock.advance(500);
    await untilTrue("a failure", () => keeper.reading().failures === 1);
    await untilTrue("the keeper to sleep", () => life.clock.sleeping === 1);
    await life.clock.advance(31_000);
    await untilTrue("another", () => keeper.reading().failures === 2);
    await untilTrue("the keeper to sleep", () => life.clock.sleeping === 1);
    expect(keeper.reading().lastWriteMs).toBe(startMs);
    broken = false;
    await life.clock.advance(31_000);
    await written(life, 2);
    expect(keeper.reading()).toEqual({ failures: 2, lastWriteMs: life.clock.now().unixMs });
    await keeper[Symbol.asyncDispose]();
    const lines = life.log.lines.filter(({ level }) => level !== "debug");
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "warn State cannot be written",
      "info State is written again",
    ]);
    expect(lines[0]?.fields).toMatchObject({ error: "disk full" });
    expect(life.clock.sleeping).toBe(0);
  });

  test("rejects when it cannot be written the first time", async () => {
    const life = newLife(new FakeClock(), () => true);
    await expect(life.keep()).rejects.toThrow("disk full");
  });

  test.each([
    ["whose clock is right", 1000],
    ["whose clock is behind", -3_600_000],
  ])("leaves the file to a process of another machine that began later, %s", async (_, aheadMs) => {
    const older = newLife();
    const keeper = await older.keep();
    const newer = newLife(new FakeClock(older.clock.now().unixMs + aheadMs));
    await using newerKeeper = await newer.keep();
    for (let turn = 0; turn < 3; turn += 1) {
      await older.clock.advance(31_000);
      await untilTrue("the older to sleep", () => older.clock.sleeping === 1);
    }
    await keeper[Symbol.asyncDispose]();
    expect(older.writes()).toBe(1);
    expect(older.log.lines).toEqual([
      {
        level: "error",
        message: "State is written by another process and no longer by this one",
        fields: { file: join(folder.path, "state.json"), writer: newer.id },
      },
    ]);
    // An older one that looked a moment before it does not cost the newer its file.
    const text = await readFile(join(folder.path, "state.json"), "utf8");
    await writeFile(
      join(folder.path, "state.json"),
      text.replace(/"writer":\{.*?\}/, '"writer":{"id":"older","since_ms":1}'),
    );
    await newer.clock.advance(31_000);
    await written(newer, 2);
    expect(newer.log.lines).toEqual([]);
    expect(newerKeeper).toBeDefined();
  });
});

describe("recallState()", () => {
  test("brings back what was known, before any poll", async () => {
    const life = newLife();
    const keeper = await life.keep();
    plan(life);
    const since = life.clock.now();
    life.dispatch(answer(since, "Down", "no light"));
    const listing = {
      accountId: "0".repeat(32),
      wanted: { include: ["*"], exclude: [] },
      discovery: { known: [{ name: "icon-9", info: NO_INFO, missedLists: 0 }], emptyLists: 0 },
      pages: 2,
      listed: since,
    };
    life.records.listings.set("production", listing);
    life.records.credentials.set("production", "key");
    await life.clock.advance(10_000);
    await keeper[Symbol.asyncDispose]();

    const next = await lifeAfter(life, 3_600_000);
    expect(next.log.lines).toEqual([
      {
        level: "info",
        message: "State recalled",
        fields: expect.objectContaining({ interconnects: 1, clean: true }),
      },
    ]);
    expect(next.records.listings.get("production")).toMatchObject({
      discovery: listing.discovery,
      wanted: undefined,
    });
    expect(next.records.credentials).toEqual(new Map([["production", "key"]]));
    plan(next);
    expect(next.store.read().state.entries.all).toMatchObject([
      { state: "Unknown", lastKnown: "Down", lastSuccess: { unixMs: since.unixMs } },
    ]);
    next.dispatch(answer(next.clock.now(), "Down", "no light"));
    expect(next.store.read().state.entries.all).toMatchObject([
      { state: "Down", since: { unixMs: since.unixMs } },
    ]);
  });

  test("brings it back again when the process before had not planned or polled yet", async () => {
    const life = newLife();
    const keeper = await life.keep();
    plan(life);
    life.dispatch(answer(life.clock.now(), "Down"));
    await keeper[Symbol.asyncDispose]();
    let last = life;
    for (const planning of [false, true, false]) {
      last = await lifeAfter(last, 1000);
      const again = await last.keep();
      if (planning) plan(last);
      await again[Symbol.asyncDispose]();
    }
    last = await lifeAfter(last, 1000);
    plan(last);
    expect(last.store.read().state.entries.all).toMatchObject([
      {
        lastKnown: "Down",
        remembered: { since: { unixMs: life.store.read().state.entries.all[0]?.since.unixMs } },
      },
    ]);
  });

  test.each([
    ["after a clean end knows the very requests", cleanly, 20_000, 10],
    ["after a crash assumes the pace of the time since the last write", killed, 20_000, 10 + 40],
    ["after a crash assumes no more than until the next write", killed, 100_000, 10 + 61],
    ["after a crash assumes it all when the clock was set back", killed, -100_000, 10 + 61],
    ["forgets what Cloudflare has forgotten", killed, 400_000, 0],
  ])("%s", async (_name, end, awayMs, used) => {
    const next = await lifeAfter(await spent(end), awayMs);
    expect(usedIn(next)).toBe(used);
  });

  test("holds a pause to its end, and no longer when the clock was set back", async () => {
    const life = await spent(cleanly);
    const pausedMs = async (awayMs: number): Promise<number> => {
      const next = await lifeAfter(life, awayMs);
      return (next.records.usages.get("key")?.pausedUntil.monoMs ?? 0) - next.clock.now().monoMs;
    };
    expect(await pausedMs(20_000)).toBe(100_000);
    expect(await pausedMs(-86_400_000)).toBe(120_000);
    expect(await pausedMs(200_000)).toBe(Number.NEGATIVE_INFINITY);
  });

  test.each([
    ["junk", "expected a JSON object"],
    ["", "expected a JSON object"],
    ['{"format":"cloudflare-interconnect-exporter state","version":99}', "expected version 1, got 99"],
  ])("sets a file of %j aside with a warning, and starts from nothing", async (text, reason) => {
    await writeFile(join(folder.path, "state.json"), text);
    const life = newLife();
    await life.recall();
    await using _keeper = await life.keep();
    const [line] = life.log.lines;
    expect(line).toMatchObject({ level: "warn", message: "Stored state cannot be used and was set aside" });
    expect(line?.fields["reason"]).toContain(reason);
    expect((await readdir(folder.path)).toSorted()).toEqual([
      "state.json",
      "state.json.20270115T080000000Z.unusable",
    ]);
    expect(await readFile(join(folder.path, "state.json.20270115T080000000Z.unusable"), "utf8")).toBe(text);
  });

  test("says nothing when there is no file", async () => {
    const life = newLife();
    await life.recall();
    expect(life.log.lines).toEqual([]);
  });
});
