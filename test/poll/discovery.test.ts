import { describe, expect, test } from "vitest";
import { type Discovery, type ListAnswer, NOTHING_DISCOVERED } from "../../src/domain/discovered.ts";
import { ApiError } from "../../src/domain/failure.ts";
import { NO_INFO } from "../../src/domain/target.ts";
import { repeatDiscovery, type DiscoveryAttempt } from "../../src/poll/discovery.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog } from "../helpers/sink-log.ts";

const INTERVAL_MS = 600_000;

/** A good list of these interconnects. */
function list(names: readonly string[], faults: Partial<ListAnswer> = {}): ListAnswer {
  const items = names.map((name) => ({ name, info: NO_INFO }));
  return { items, duplicates: [], unusable: 0, pages: 1, ...faults };
}

interface Setup {
  readonly intervalMs?: number;
  readonly known?: Discovery;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** A discovery whose lists are scripted; the last one stays. */
function start(answers: readonly (ListAnswer | Error | "hang")[], setup: Setup = {}) {
  const { intervalMs = INTERVAL_MS, known, include = ["*"], exclude = [] } = setup;
  const clock = new FakeClock();
  const log = createSinkLog();
  const stop = new AbortController();
  const startMs = clock.now().monoMs;
  const listedAt: number[] = [];
  const latest: number[] = [];
  const attempts: DiscoveryAttempt[] = [];
  const ended = repeatDiscovery(
    {
      account: { name: "production", intervalMs, include, exclude },
      known,
      firstDueMs: startMs,
      async list(latestMs, signal) {
        listedAt.push(clock.now().monoMs - startMs);
        latest.push(latestMs - startMs);
        const answer = answers[Math.min(listedAt.length, answers.length) - 1];
        if (answer === "hang") await clock.sleep(86_400_000, signal);
        if (answer === undefined || answer === "hang") throw new Error("Expected an answer");
        if (answer instanceof Error) throw answer;
        return answer;
      },
      onAttempt: (attempt) => attempts.push(attempt),
      clock,
      log,
    },
    stop.signal,
  );
  return {
    clock,
    stop,
    ended,
    listedAt,
    latest,
    attempts,
    lines: () => log.lines.filter(({ level }) => level !== "debug"),
    debug: () => log.lines.filter(({ level }) => level === "debug"),
    /** Names that are known after the last attempt. */
    known: () => attempts.at(-1)?.discovery.known.map(({ name }) => name),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

const network = new ApiError("network", "refused");

describe("repeatDiscovery()", () => {
  test("lists at once and then every interval, each list in time for the next", async () => {
    await using it = start([list(["a", "b"], { pages: 3 })]);
    await it.clock.advance(2 * INTERVAL_MS);
    expect(it.listedAt).toEqual([0, INTERVAL_MS, 2 * INTERVAL_MS]);
    expect(it.latest).toEqual([INTERVAL_MS, 2 * INTERVAL_MS, 3 * INTERVAL_MS]);
    expect(it.attempts[0]).toMatchObject({ account: "production", pages: 3, failure: undefined });
    expect(it.known()).toEqual(["a", "b"]);
    expect(it.lines()).toEqual([]);
  });

  test("knows of a list what the globs choose", async () => {
    await using it = start([list(["icon-ewr-01", "icon-lhr-01", "lab-01"])], {
      include: ["icon-*"],
      exclude: ["*-lhr-*"],
    });
    await it.clock.advance(0);
    expect(it.known()).toEqual(["icon-ewr-01"]);
  });

  test("starts from what was known before, as after a reload", async () => {
    const known = { known: [{ name: "a", info: NO_INFO, missedLists: 1 }], emptyLists: 0 };
    await using it = start([network, list(["b"])], { known });
    await it.clock.advance(0);
    expect(it.known()).toEqual(["a"]);
    await it.clock.advance(60_000);
    expect(it.known()).toEqual(["b"]);
  });

  test("asks again 60 s after a failure, or at the interval when that is shorter", async () => {
    await using slow = start([network, network, list(["a"])]);
    await slow.clock.advance(120_000 + INTERVAL_MS);
    expect(slow.listedAt).toEqual([0, 60_000, 120_000, 120_000 + INTERVAL_MS]);
    await using quick = start([network], { intervalMs: 20_000 });
    await quick.clock.advance(40_000);
    expect(quick.listedAt).toEqual([0, 20_000, 40_000]);
  });

  test("keeps what is known over any number of failures, and they count as no list", async () => {
    await using it = start([list(["a", "b"]), list(["a"]), network, network, network, list(["a"])]);
    await it.clock.advance(INTERVAL_MS);
    expect(it.known()).toEqual(["a", "b"]);
    for (let count = 0; count < 3; count += 1) {
      await it.clock.advance(count === 0 ? INTERVAL_MS : 60_000);
      expect(it.attempts.at(-1)).toMatchObject({ failure: "network", pages: 0 });
      expect(it.known()).toEqual(["a", "b"]);
    }
    await it.clock.advance(60_000);
    expect(it.known()).toEqual(["a"]);
  });

  test("tells of each attempt, of a first one that fails too", async () => {
    await using it = start([network, new TypeError("a bug"), list(["a"])]);
    await it.clock.advance(120_000);
    expect(it.attempts.map(({ failure }) => failure)).toEqual(["network", "internal", undefined]);
    expect(it.attempts[0]?.discovery).toEqual(NOTHING_DISCOVERED);
  });

  test("ends when it aborts, in a wait or in a list, and that is no failure", async () => {
    for (const answer of ["hang", list(["a"])] as const) {
      const it = start([answer]);
      await it.clock.advance(0);
      const before = it.attempts.length;
      it.stop.abort(new Error("reload"));
      await it.ended;
      expect(it.attempts).toHaveLength(before);
      expect(it.lines()).toEqual([]);
      expect(it.clock.sleeping).toBe(0);
    }
  });
});

describe("the log of repeatDiscovery()", () => {
  test("has a line for each kind of failure as it begins, and one when it is over", async () => {
    const tls = new ApiError("tls", "expired");
    await using it = start([network, network, tls, list(["a"]), list(["a"]), network]);
    await it.clock.advance(180_000 + 2 * INTERVAL_MS);
    expect(
      it.lines().map(({ level, message, fields }) => [level, message, fields["kind"] ?? fields["after"]]),
    ).toEqual([
      ["warn", "Discovery failed", "network"],
      ["warn", "Discovery failed", "tls"],
      ["info", "Discovery succeeded again", "tls"],
      ["warn", "Discovery failed", "network"],
    ]);
    expect(it.lines()[0]?.fields).toEqual({ account: "production", kind: "network", error: "refused" });
    expect(it.debug().filter(({ message }) => message === "Discovery failed")).toHaveLength(1);
  });

  test("names what is listed twice or without a name, once for as long as it stays the same", async () => {
    const faulty = list(["a", "b"], { duplicates: ["a"], unusable: 2 });
    await using it = start([
      faulty,
      faulty,
      list(["a", "b"], { duplicates: ["a", "b"] }),
      list(["a", "b"]),
      faulty,
    ]);
    await it.clock.advance(4 * INTERVAL_MS);
    expect(it.lines()).toEqual(
      [{ names: ["a"] }, { items: 2 }, { names: ["a", "b"] }, { names: ["a"] }, { items: 2 }].map(
        (fields) => ({
          level: "warn",
          message: expect.stringMatching("names" in fields ? /^Listed twice/ : /^Listed without a name/),
          fields: { account: "production", ...fields },
        }),
      ),
    );
  });

  test("takes what is thrown as it comes", async () => {
    await using it = start([new RangeError("a bug")]);
    await it.clock.advance(0);
    expect(it.lines()).toMatchObject([{ level: "warn", fields: { kind: "internal", error: "a bug" } }]);
  });
});
