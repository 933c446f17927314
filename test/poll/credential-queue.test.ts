import { describe, expect, test } from "vitest";
import { ApiError, type FailureKind } from "../../src/domain/failure.ts";
import { CredentialQueue } from "../../src/poll/credential-queue.ts";
import { CredentialUsage } from "../../src/poll/credential-usage.ts";
import { createLimits } from "../../src/poll/limits.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog, type SinkLog } from "../helpers/sink-log.ts";

const INTERVAL_MS = 60_000;
const NO_SIGNAL = new AbortController().signal;
const FOREVER = Number.POSITIVE_INFINITY;

interface Subject {
  readonly clock: FakeClock;
  readonly usage: CredentialUsage;
  readonly queue: CredentialQueue;
  readonly log: SinkLog;
  /** Milliseconds since the start at which work was done. */
  readonly done: readonly number[];
  /** Work that succeeds at once, fails, or never ends. */
  readonly run: (how?: Partial<How>) => Promise<string>;
}

interface How {
  readonly fails: Error;
  readonly hangs: boolean;
  readonly latestMs: number;
  readonly signal: AbortSignal;
}

function subject({ budget = 100, gapMs = 0, slots = 8, targets = 2 } = {}): Subject {
  const clock = new FakeClock();
  const startMs = clock.now().monoMs;
  const usage = new CredentialUsage();
  const limit = createLimits(slots, ["x"])("x");
  const plan = () => ({ targets, intervalMs: INTERVAL_MS });
  const log = createSinkLog();
  const queue = new CredentialQueue({ usage, budget, gapMs, limit, clock, log, plan });
  const done: number[] = [];
  return {
    clock,
    usage,
    queue,
    log,
    done,
    async run({ fails, hangs = false, latestMs = FOREVER, signal = NO_SIGNAL } = {}) {
      const work = async (): Promise<string> => {
        done.push(clock.now().monoMs - startMs);
        if (hangs) await clock.sleep(86_400_000, signal);
        if (fails !== undefined) throw fails;
        return "done";
      };
      return await queue.run(work, startMs + latestMs, signal);
    },
  };
}

/** How the run ended: `done`, the kind of its failure, or the message of another error. */
async function outcome(running: Promise<string>): Promise<string> {
  return await running.catch((error: unknown) => {
    if (error instanceof ApiError) return error.kind;
    return error instanceof Error ? error.message : String(error);
  });
}

function tooMany(retryAfterMs?: number): ApiError {
  return new ApiError("rate_limited", "slow down", { retryAfterMs });
}

async function failTimes(count: number, it: Subject, kind: FailureKind): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    expect(await outcome(it.run({ fails: new ApiError(kind, `${kind} ${index}`) }))).toBe(kind);
  }
}

/** Seconds of the pause that this many 429s led to, each asked as soon as the one before allows. */
async function pausesOf(it: Subject, count: number, retryAfterMs: number | undefined): Promise<number[]> {
  const pauses: number[] = [];
  for (let index = 0; index < count; index += 1) {
    expect(await outcome(it.run({ fails: tooMany(retryAfterMs) }))).toBe("rate_limited");
    const ms = it.usage.pausedUntil.monoMs - it.clock.now().monoMs;
    pauses.push(ms / 1000);
    await it.clock.advance(ms);
  }
  return pauses;
}

describe("run()", () => {
  test("gives turns at the budget's pace, in the order in which they were asked for", async () => {
    const it = subject({ gapMs: 500 });
    const runs = [it.run(), it.run(), it.run()];
    await it.clock.advance(2000);
    expect(await Promise.all(runs)).toEqual(["done", "done", "done"]);
    expect(it.done).toEqual([0, 500, 1000]);
  });

  test("fails as throttled at once when the turn would come too late, and sends nothing", async () => {
    const it = subject({ budget: 1 });
    expect(await it.run()).toBe("done");
    const refused = it.run({ latestMs: 60_000 });
    await expect(refused).rejects.toThrow(/^Not sent: api\.budget allows 1 requests in 5 minutes/);
    expect(await outcome(refused)).toBe("throttled");
    const later = it.run({ latestMs: 300_000 });
    await it.clock.advance(300_000);
    expect(await later).toBe("done");
    expect(it.done).toEqual([0, 300_000]);
  });

  test("counts a request from when a slot was free for it, not from when its turn came", async () => {
    const it = subject({ slots: 1 });
    const stop = new AbortController();
    const first = outcome(it.run({ hangs: true, signal: stop.signal }));
    const second = it.run();
    await it.clock.advance(40_000);
    expect(it.usage.used(it.clock.now().monoMs)).toBe(1);
    stop.abort(new Error("enough"));
    expect(await first).toBe("enough");
    expect(await second).toBe("done");
    expect(it.done).toEqual([0, 40_000]);
    await it.clock.advance(270_000);
    expect(it.usage.used(it.clock.now().monoMs)).toBe(1);
  });

  test("lets an error that is no answer through, and learns nothing from it", async () => {
    const it = subject();
    const bug = new TypeError("a bug");
    for (let count = 0; count < 10; count += 1) await expect(it.run({ fails: bug })).rejects.toBe(bug);
    expect(await it.run()).toBe("done");
  });

  test("gives its turn back when it aborts while it waits for it", async () => {
    const it = subject({ budget: 2, gapMs: 1000 });
    expect(await it.run()).toBe("done");
    const stop = new AbortController();
    const waiting = outcome(it.run({ signal: stop.signal }));
    await it.clock.settle();
    expect(it.queue.takeRetry()).toBe(false);
    stop.abort(new Error("reload"));
    expect(await waiting).toBe("reload");
    expect(it.done).toEqual([0]);
    expect(it.queue.takeRetry()).toBe(true);
    expect(it.clock.sleeping).toBe(0);
  });

  test("gives its turn back when it aborts while it waits for a slot", async () => {
    const it = subject({ budget: 2, slots: 1 });
    const [hang, stop] = [new AbortController(), new AbortController()];
    const first = outcome(it.run({ hangs: true, signal: hang.signal }));
    const waiting = outcome(it.run({ signal: stop.signal }));
    await it.clock.settle();
    stop.abort(new Error("reload"));
    hang.abort(new Error("enough"));
    expect(await Promise.all([first, waiting])).toEqual(["enough", "reload"]);
    expect(it.done).toEqual([0]);
    expect(it.queue.takeRetry()).toBe(true);
  });
});

describe("a 429", () => {
  test.each([
    ["as long as it says", 30_000, 30_000],
    ["5 minutes when it does not say", undefined, 300_000],
  ])("silences its credential %s", async (_name, retryAfterMs, quietMs) => {
    const it = subject();
    expect(await outcome(it.run({ fails: tooMany(retryAfterMs) }))).toBe("rate_limited");
    await it.clock.advance(quietMs - 1);
    const refused = it.run();
    await expect(refused).rejects.toThrow(
      "Not sent: the API answered 429, so that nothing is asked for another 1 s",
    );
    expect(await outcome(refused)).toBe("rate_limited");
    expect(it.queue.takeRetry()).toBe(false);
    await it.clock.advance(1);
    expect(it.queue.takeRetry()).toBe(true);
    expect(await it.run()).toBe("done");
    expect(it.done).toEqual([0, quietMs]);
  });

  test("does not shorten a longer one, and prolongs a shorter one", async () => {
    const it = subject();
    const stop = new AbortController();
    const slow = outcome(
      it.queue.run(
        () => it.clock.sleep(5000).then(() => Promise.reject(tooMany(1000))),
        FOREVER,
        stop.signal,
      ),
    );
    expect(await outcome(it.run({ fails: tooMany(60_000) }))).toBe("rate_limited");
    await it.clock.advance(5000);
    expect(await slow).toBe("rate_limited");
    await it.clock.advance(54_999);
    expect(await outcome(it.run())).toBe("rate_limited");
    await it.clock.advance(1);
    expect(await it.run()).toBe("done");
  });

  test("stops those that already wait for their turn or for a slot, and gives their turns back", async () => {
    const it = subject({ budget: 4, gapMs: 1000, slots: 1 });
    const first = outcome(
      it.queue.run(
        () => it.clock.sleep(2500).then(() => Promise.reject(tooMany(60_000))),
        FOREVER,
        NO_SIGNAL,
      ),
    );
    const waiting = [it.run(), it.run(), it.run()].map(outcome);
    await it.clock.advance(10_000);
    expect(await first).toBe("rate_limited");
    expect(await Promise.all(waiting)).toEqual(["rate_limited", "rate_limited", "rate_limited"]);
    expect(it.done).toEqual([]);
    await it.clock.advance(60_000);
    expect([1, 2, 3, 4].map(() => it.queue.takeRetry())).toEqual([true, true, true, false]);
  });

  test.each([
    [0, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]],
    [1000, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]],
    [40_000, [40, 80, 160, 300, 300]],
    [400_000, [400, 400, 400]],
    [7_200_000, [3600, 3600]],
    [undefined, [300, 300]],
  ])("after a pause doubles the next one up to 300 s: %s ms asked", async (retryAfterMs, wanted) => {
    const it = subject();
    expect(await pausesOf(it, wanted.length, retryAfterMs)).toEqual(wanted);
  });

  test("of any length after a pause is not shorter than what it asks, and a good answer ends the growing", async () => {
    const it = subject();
    expect(await pausesOf(it, 3, 1000)).toEqual([1, 2, 4]);
    expect(await pausesOf(it, 1, 30_000)).toEqual([30]);
    expect(await pausesOf(it, 1, 1000)).toEqual([60]);
    expect(await outcome(it.run({ fails: new ApiError("server_error", "500") }))).toBe("server_error");
    expect(await pausesOf(it, 1, 1000)).toEqual([120]);
    expect(await it.run()).toBe("done");
    expect(await pausesOf(it, 2, 0)).toEqual([1, 2]);
  });

  test("of the same burst does not double, nor does a good answer of that burst end the growing", async () => {
    const it = subject();
    const late = async (ms: number, fails?: Error) =>
      outcome(
        it.queue.run(
          () => it.clock.sleep(ms).then(() => (fails === undefined ? "done" : Promise.reject(fails))),
          FOREVER,
          NO_SIGNAL,
        ),
      );
    const burst = [late(10, tooMany(1000)), late(20, tooMany(1000)), late(30, tooMany(1000)), late(40)];
    await it.clock.advance(40);
    expect(await Promise.all(burst)).toEqual(["rate_limited", "rate_limited", "rate_limited", "done"]);
    await it.clock.advance(1000);
    expect(await pausesOf(it, 2, 0)).toEqual([2, 4]);
  });

  test("that asks for more than an hour is obeyed for an hour, and logged once until a good answer", async () => {
    const it = subject();
    const startMs = it.clock.now().unixMs;
    expect(await outcome(it.run({ fails: tooMany(86_400_000) }))).toBe("rate_limited");
    expect(it.usage.pausedUntil.unixMs).toBe(startMs + 3_600_000);
    const line = {
      level: "warn",
      message: "API asked for a longer pause than is made",
      fields: { asked: "1d", paused: "1h" },
    };
    expect(it.log.lines).toEqual([line]);
    await it.clock.advance(3_600_000);
    expect(await pausesOf(it, 2, 86_400_000)).toEqual([3600, 3600]);
    expect(it.log.lines).toEqual([line]);
    expect(await it.run()).toBe("done");
    expect(await pausesOf(it, 1, 3_600_000)).toEqual([3600]);
    expect(it.log.lines).toEqual([line]);
    expect(await it.run()).toBe("done");
    expect(await pausesOf(it, 1, 7_200_000)).toEqual([3600]);
    expect(it.log.lines).toHaveLength(2);
  });

  test("of another kind is none: a failure that names a time pauses nothing", async () => {
    const it = subject();
    const fails = new ApiError("server_error", "503", { retryAfterMs: 60_000 });
    expect(await outcome(it.run({ fails }))).toBe("server_error");
    expect(await it.run()).toBe("done");
  });
});

describe("a refused credential", () => {
  test("is tried once per interval after three rounds, and like any other after a success", async () => {
    const it = subject({ targets: 2 });
    await failTimes(6, it, "forbidden");
    const refused = it.run();
    await expect(refused).rejects.toThrow(/refused 6 times in a row .* the last answer: forbidden 5/);
    expect(await outcome(refused)).toBe("forbidden");
    await it.clock.advance(INTERVAL_MS);
    await failTimes(1, it, "unauthorized");
    expect(await outcome(it.run())).toBe("unauthorized");
    expect(it.done).toHaveLength(7);
    await it.clock.advance(INTERVAL_MS);
    expect(await it.run()).toBe("done");
    expect(await it.run()).toBe("done");
  });

  test("lets one probe through when several polls wait at once", async () => {
    const it = subject({ targets: 2, gapMs: 100 });
    for (let count = 0; count < 6; count += 1) {
      const failed = outcome(it.run({ fails: new ApiError("forbidden", "no") }));
      await it.clock.advance(100);
      expect(await failed).toBe("forbidden");
    }
    await it.clock.advance(INTERVAL_MS);
    const before = it.done.length;
    const runs = [1, 2, 3].map(() => outcome(it.run({ fails: new ApiError("forbidden", "no") })));
    await it.clock.advance(1000);
    expect(await Promise.all(runs)).toEqual(["forbidden", "forbidden", "forbidden"]);
    expect(it.done).toHaveLength(before + 1);
  });
});

describe("takeRetry()", () => {
  test("takes from the budget without waiting, and is refused when that is spent", () => {
    const it = subject({ budget: 3, gapMs: 1000 });
    expect([1, 2, 3, 4].map(() => it.queue.takeRetry())).toEqual([true, true, true, false]);
    expect(it.usage.used(it.clock.now().monoMs)).toBe(3);
  });
});
