import { describe, expect, test } from "vitest";
import { entryOf } from "../../src/domain/state.ts";
import { answer, buildTarget, failure } from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { gapsOf, INTERVAL_MS, manyTargets, mostWithin, subject } from "../helpers/scheduler-subject.ts";

describe("startScheduler() keeps the rhythm", () => {
  test.each([5000, 60_000])(
    "of %d ms: a first round over the smaller of it and 10 s, then each once per interval",
    async (intervalMs) => {
      const targets = manyTargets(40);
      await using it = subject(targets, { intervalMs });
      const firstRoundMs = Math.min(intervalMs, 10_000);
      await it.clock.advance(firstRoundMs);
      expect(new Set(it.started.map(({ key }) => key)).size).toBe(40);
      expect(
        mostWithin(
          1000,
          it.started.map(({ atMs }) => atMs),
        ),
      ).toBeLessThan(20);

      await it.clock.advance(4 * intervalMs);
      for (const target of targets) {
        const [first = Number.NaN, ...later] = it.startsOf(target);
        expect(first).toBeLessThan(firstRoundMs);
        expect(later.length).toBeGreaterThanOrEqual(3);
        expect(new Set(gapsOf(later))).toEqual(new Set([intervalMs]));
        // The way from the first round into the rhythm: neither at once nor for long.
        expect((later[0] ?? Number.NaN) - first).toBeGreaterThanOrEqual(intervalMs / 2);
        expect((later[0] ?? Number.NaN) - first).toBeLessThanOrEqual(1.5 * intervalMs);
      }
      const steady = it.started.filter(({ atMs }) => atMs >= 2 * intervalMs && atMs < 3 * intervalMs);
      expect(steady).toHaveLength(40);
      expect(
        mostWithin(
          intervalMs / 10,
          steady.map(({ atMs }) => atMs),
        ),
      ).toBeLessThan(16);
      expect(it.log.lines).toEqual([]);
    },
  );

  test("with answers that take their time, and gives them to the store", async () => {
    const target = buildTarget();
    const clock = new FakeClock();
    await using it = subject([target], {
      clock,
      async poll({ key }, _slot, signal) {
        await clock.sleep(7000, signal);
        return answer(clock.now(), "Down", "no light", key);
      },
    });
    await clock.advance(5 * INTERVAL_MS);
    expect(gapsOf(it.startsOf(target).slice(1))).toContain(INTERVAL_MS);
    expect(entryOf(it.store.read().state, target.key)).toMatchObject({
      state: "Down",
      reason: { text: "no light" },
    });
  });

  test("never with two polls of one interconnect at once, and without catching up on what a slow one missed", async () => {
    const target = buildTarget();
    const clock = new FakeClock();
    await using it = subject([target], {
      clock,
      async poll({ key }, _slot, signal) {
        expect(it.inFlight).toEqual([key]);
        await clock.sleep(2.5 * INTERVAL_MS, signal);
        return answer(clock.now(), "Healthy", "", key);
      },
    });
    await clock.advance(13 * INTERVAL_MS);
    expect(gapsOf(it.startsOf(target)).slice(1)).toEqual([3, 3, 3].map((count) => count * INTERVAL_MS));
    expect(it.log.lines).toEqual([]);
  });

  test("without a burst after the process was paused for an hour: missed polls are spread anew, once each", async () => {
    const targets = manyTargets(50);
    await using it = subject(targets);
    await it.clock.advance(2 * INTERVAL_MS);
    const before = it.started.length;
    const resumedMs = 2 * INTERVAL_MS + 3_600_000;
    await it.clock.jump(3_600_000);
    await it.clock.advance(10_000);
    const after = it.started.slice(before).map(({ atMs }) => atMs - resumedMs);
    expect(after).toHaveLength(50);
    expect(mostWithin(1000, after)).toBeLessThan(20);
    await it.clock.advance(3 * INTERVAL_MS);
    for (const target of targets)
      expect(it.startsOf(target).filter((atMs) => atMs > resumedMs).length).toBeLessThanOrEqual(5);
    for (const { atMs, slot } of it.started) {
      expect(atMs + 5_000_000 - slot.dueMs).toBeLessThanOrEqual(1000);
    }
  });

  test("on a machine that always wakes late: put off once, but polled", async () => {
    class LateClock extends FakeClock {
      override sleep(ms: number, signal?: AbortSignal): Promise<void> {
        return super.sleep(ms + 1500, signal);
      }
    }
    const target = buildTarget();
    await using it = subject([target], { clock: new LateClock() });
    await it.clock.advance(10 * INTERVAL_MS);
    expect(it.startsOf(target).length).toBeGreaterThanOrEqual(4);
  });

  test("when timers fire a moment early: still once per interval", async () => {
    class EarlyClock extends FakeClock {
      override sleep(ms: number, signal?: AbortSignal): Promise<void> {
        return super.sleep(ms - 1, signal);
      }
    }
    const target = buildTarget();
    await using it = subject([target], { clock: new EarlyClock() });
    await it.clock.advance(10 * INTERVAL_MS);
    const gaps = gapsOf(it.startsOf(target).slice(1));
    expect(gaps.length).toBeGreaterThanOrEqual(7);
    expect(new Set(gaps)).toEqual(new Set([INTERVAL_MS]));
  });

  test("when the wall clock is set: durations go on as before", async () => {
    const target = buildTarget();
    await using it = subject([target]);
    await it.clock.advance(2 * INTERVAL_MS);
    const before = it.started.length;
    it.clock.setWallClock(1_000);
    await it.clock.advance(INTERVAL_MS);
    expect(it.started.length).toBe(before + 1);
  });
});

describe("startScheduler() on a 404", () => {
  test("asks the first again after 15 s, and a second one in its rhythm", async () => {
    const target = buildTarget();
    const clock = new FakeClock();
    const intervalMs = 600_000;
    let gone = false;
    await using it = subject([target], {
      clock,
      intervalMs,
      poll: async ({ key }) =>
        gone ? failure(clock.now(), "not_found", key) : answer(clock.now(), "Down", "", key),
    });
    const seen = it.startsOf(target).length;
    await clock.advance(2 * intervalMs);
    gone = true;
    await clock.advance(2.5 * intervalMs);
    const starts = it.startsOf(target).slice(seen);
    const first = starts.findIndex((time, index) => (starts[index + 1] ?? 0) - time === 15_000);
    expect(first).toBeGreaterThan(0);
    const gaps = starts.slice(first + 1).map((time, index) => time - (starts[first + index] ?? 0));
    expect(gaps).toEqual([15_000, intervalMs - 15_000, intervalMs].slice(0, gaps.length));
    expect(gaps.length).toBeGreaterThanOrEqual(2);
    expect(it.store.read().state.entries.all[0]).toMatchObject({ state: "Unknown", lastKnown: "Down" });
  });
});

describe("startScheduler() asks for the rhythm", () => {
  test("again after each poll, so that a changed one counts from the next on", async () => {
    const target = buildTarget();
    let intervalMs = INTERVAL_MS;
    await using it = subject([target], { rhythmOf: () => ({ intervalMs, spreadMs: 10_000, shiftMs: 0 }) });
    await it.clock.advance(3 * INTERVAL_MS);
    intervalMs = 15_000;
    await it.clock.advance(3 * INTERVAL_MS);
    const gaps = gapsOf(it.startsOf(target));
    expect(gaps.slice(-4)).toEqual([15_000, 15_000, 15_000, 15_000]);
    intervalMs = INTERVAL_MS;
    await it.clock.advance(5 * INTERVAL_MS);
    expect(gapsOf(it.startsOf(target)).slice(-2)).toEqual([INTERVAL_MS, INTERVAL_MS]);
  });

  test("and spreads the first round over the time that it says", async () => {
    const targets = manyTargets(40);
    await using it = subject(targets, {
      rhythmOf: () => ({ intervalMs: INTERVAL_MS, spreadMs: 50_000, shiftMs: 0 }),
    });
    await it.clock.advance(50_000);
    expect(new Set(it.started.map(({ key }) => key)).size).toBe(40);
    expect(
      mostWithin(
        10_000,
        it.started.map(({ atMs }) => atMs),
      ),
    ).toBeLessThan(20);
  });

  test("and tells each poll when it was due and when the next one is", async () => {
    const target = buildTarget();
    await using it = subject([target]);
    await it.clock.advance(3 * INTERVAL_MS);
    for (const { atMs, slot } of it.started) {
      expect(slot).toEqual({ dueMs: 5_000_000 + atMs, latestMs: 5_000_000 + atMs + INTERVAL_MS });
    }
  });

  test("and lets one that hangs hold up no other", async () => {
    const [hanging, target] = [buildTarget("icon-01"), buildTarget("icon-02")];
    const clock = new FakeClock();
    await using it = subject([hanging, target], {
      clock,
      async poll({ key }, _slot, signal) {
        if (key === hanging.key) await clock.sleep(1e9, signal);
        return answer(clock.now(), "Healthy", "", key);
      },
    });
    await clock.advance(6 * INTERVAL_MS);
    expect(it.startsOf(hanging)).toHaveLength(1);
    expect(it.startsOf(target).length).toBeGreaterThanOrEqual(5);
  });
});

describe("startScheduler() makes time pass", () => {
  test("once a second, so that an answer goes stale while its next poll hangs", async () => {
    const target = buildTarget();
    const clock = new FakeClock();
    let polls = 0;
    await using it = subject([target], {
      clock,
      async poll({ key }, _slot, signal) {
        polls += 1;
        if (polls > 1) await clock.sleep(1e9, signal);
        return answer(clock.now(), "Healthy", "", key);
      },
    });
    await clock.advance(600_000 - 1);
    expect(it.ticks()).toBe(600);
    expect(it.store.read().state.entries.all[0]?.state).toBe("Healthy");
    await clock.advance(13_000);
    expect(it.store.read().state.entries.all[0]).toMatchObject({ state: "Unknown", lastKnown: "Healthy" });
  });
});

test("startScheduler() of nothing still turns", async () => {
  await using it = subject([]);
  await it.clock.advance(3000);
  expect(it.ticks()).toBe(4);
});

describe("startScheduler() told to poll soon", () => {
  test("polls each target once within the spread, then goes on in its rhythm", async () => {
    const targets = manyTargets(40);
    await using it = subject(targets);
    await it.clock.advance(10 * INTERVAL_MS);
    const before = it.started.length;
    it.scheduler.pollSoon();
    await it.clock.advance(10_000);
    const soon = it.started.slice(before);
    expect(new Set(soon.map(({ key }) => key)).size).toBe(40);
    expect(
      mostWithin(
        1000,
        soon.map(({ atMs }) => atMs),
      ),
    ).toBeLessThan(15);
    await it.clock.advance(2 * INTERVAL_MS);
    for (const target of targets) {
      const gaps = gapsOf(it.startsOf(target)).slice(-2);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(INTERVAL_MS / 2);
    }
  });

  test("gives up what hangs and asks again, never twice at a time", async () => {
    const [target] = manyTargets(1);
    let most = 0;
    await using it = subject(target === undefined ? [] : [target], {
      async poll(_target, _slot, signal) {
        most = Math.max(most, it.inFlight.length);
        await it.clock.sleep(3_600_000, signal);
        return undefined;
      },
    });
    await it.clock.advance(20_000);
    expect(it.started).toHaveLength(1);
    it.scheduler.pollSoon();
    await it.clock.advance(10_000);
    expect(it.started).toHaveLength(2);
    expect(most).toBe(1);
  });
});
