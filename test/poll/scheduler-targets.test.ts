import { describe, expect, test } from "vitest";
import { answer, buildTarget } from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { INTERVAL_MS, manyTargets, subject } from "../helpers/scheduler-subject.ts";

describe("setTargets()", () => {
  const [first, second, third] = [buildTarget("icon-01"), buildTarget("icon-02"), buildTarget("icon-03")];

  test("polls new ones soon, those that are gone no more, and leaves the others in their rhythm", async () => {
    await using it = subject([first, second]);
    await using undisturbed = subject([second]);
    await it.clock.advance(2 * INTERVAL_MS);
    it.scheduler.setTargets([second, third]);
    const seen = it.startsOf(first).length;
    await it.clock.advance(10_000);
    expect(it.startsOf(third)).toHaveLength(1);
    await it.clock.advance(5 * INTERVAL_MS);
    await undisturbed.clock.advance(7 * INTERVAL_MS + 10_000);
    expect(it.startsOf(first)).toHaveLength(seen);
    expect(it.startsOf(third).length).toBeGreaterThanOrEqual(5);
    expect(it.startsOf(second)).toEqual(undisturbed.startsOf(second));
  });

  test("aborts the poll of one that is gone, which counts as none, and never overlaps it when it comes back", async () => {
    const clock = new FakeClock();
    const stubborn = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    await using it = subject([first], {
      clock,
      async poll({ key }, _slot, signal) {
        signals.push(signal);
        if (signals.length > 1) return answer(clock.now(), "Healthy", "", key);
        await stubborn.promise;
        return undefined;
      },
    });
    await clock.advance(10_000);
    it.scheduler.setTargets([]);
    expect(signals[0]?.aborted).toBe(true);
    it.scheduler.setTargets([first]);
    await clock.advance(INTERVAL_MS);
    it.scheduler.setTargets([]);
    it.scheduler.setTargets([first]);
    await clock.advance(INTERVAL_MS);
    const meanwhile = it.started.length;
    stubborn.resolve();
    await clock.advance(2 * INTERVAL_MS);
    expect(meanwhile).toBe(1);
    expect(it.started.length).toBeGreaterThan(1);
    expect(it.store.read().state.entries.all[0]?.polls).toBe(it.started.length - 1);
    expect(it.log.lines).toEqual([]);
  });
});

describe("startScheduler() disposed of", () => {
  test("aborts polls in flight and those of targets that are gone, waits for their end, and starts no more", async () => {
    const clock = new FakeClock();
    const ended = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const it = subject(manyTargets(2), {
      clock,
      async poll(_target, _slot, signal) {
        signals.push(signal);
        await ended.promise;
        return undefined;
      },
    });
    await clock.advance(10_000);
    expect(it.started).toHaveLength(2);
    it.scheduler.setTargets(manyTargets(1));
    let done = false;
    const disposed = it[Symbol.asyncDispose]().then(() => (done = true));
    await clock.settle();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(done).toBe(false);

    ended.resolve();
    await disposed;
    expect(it.started).toHaveLength(2);
    expect(it.inFlight).toEqual([]);
    expect(clock.sleeping).toBe(0);
    expect(it.store.read().state.entries.all.every(({ polls }) => polls === 0)).toBe(true);
    expect(it.log.lines).toEqual([]);
    await clock.advance(5 * INTERVAL_MS);
    expect(it.started).toHaveLength(2);
  });

  test("between polls ends at once, however often it is told", async () => {
    const it = subject(manyTargets(3));
    await it.clock.advance(INTERVAL_MS);
    await Promise.all([it[Symbol.asyncDispose](), it[Symbol.asyncDispose]()]);
    expect(it.clock.sleeping).toBe(0);
    expect(it.log.lines).toEqual([]);
  });

  test("with a poll that fails with the abort logs no bug", async () => {
    const clock = new FakeClock();
    const it = subject([buildTarget()], {
      clock,
      async poll(_target, _slot, signal) {
        await clock.sleep(1e9, signal);
        return undefined;
      },
    });
    await clock.advance(10_000);
    expect(it.inFlight).toHaveLength(1);
    await it[Symbol.asyncDispose]();
    expect(it.inFlight).toEqual([]);
    expect(it.log.lines).toEqual([]);
  });
});
