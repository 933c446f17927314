import { expect, test } from "vitest";
import { repeat } from "../../src/poll/repeat.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog } from "../helpers/sink-log.ts";

const AFTER_BUG_MS = 5000;

/** Repeats a step; the moments since the start at which it ran, and with which `dueMs`. */
function start(step: (run: number, nowMs: number) => Promise<number>, firstMs = 0) {
  const clock = new FakeClock();
  const log = createSinkLog();
  const stop = new AbortController();
  const startMs = clock.now().monoMs;
  const runs: { readonly atMs: number; readonly dueMs: number }[] = [];
  const ended = repeat(
    async (dueMs) => {
      runs.push({ atMs: clock.now().monoMs - startMs, dueMs: dueMs - startMs });
      return startMs + (await step(runs.length, clock.now().monoMs - startMs));
    },
    startMs + firstMs,
    { clock, log, signal: stop.signal, afterBugMs: AFTER_BUG_MS },
  );
  return { clock, log, stop, runs, ended };
}

test("repeat() runs its step when it is due, and again when the step says", async () => {
  const it = start(async (_run, nowMs) => nowMs + 1000, 500);
  await it.clock.advance(2999);
  expect(it.runs.map(({ atMs }) => atMs)).toEqual([500, 1500, 2500]);
  it.stop.abort();
  await it.ended;
  expect(it.clock.sleeping).toBe(0);
});

test("repeat() tells a step that runs late when it was due, and runs one that is overdue at once", async () => {
  const it = start(async (_run, nowMs) => nowMs + 1000, -700);
  await it.clock.advance(0);
  await it.clock.jump(10_000);
  expect(it.runs).toEqual([
    { atMs: 0, dueMs: -700 },
    { atMs: 10_000, dueMs: 1000 },
  ]);
  it.stop.abort();
  await it.ended;
});

test("repeat() outlives a step that throws: logs the bug and goes on in its own rhythm", async () => {
  const bug = new Error("a bug");
  const it = start(async (run, nowMs) => {
    if (run === 2) throw bug;
    return nowMs + 1000;
  });
  await it.clock.advance(6000);
  expect(it.runs.map(({ atMs }) => atMs)).toEqual([0, 1000, 6000]);
  expect(it.log.lines).toEqual([{ level: "error", message: expect.any(String), fields: { err: bug } }]);
  it.stop.abort();
  await it.ended;
});

test("repeat() ends quietly when it aborts, in a wait or in a step, and runs nothing more", async () => {
  const waiting = start(async (_run, nowMs) => nowMs + 1000);
  await waiting.clock.advance(0);
  waiting.stop.abort(new Error("reload"));
  await waiting.ended;
  expect(waiting.runs).toHaveLength(1);

  const stepping = start(async () => await stepping.clock.sleep(1000, stepping.stop.signal).then(() => 0));
  await stepping.clock.advance(0);
  stepping.stop.abort(new Error("reload"));
  await stepping.ended;
  expect([...waiting.log.lines, ...stepping.log.lines]).toEqual([]);
});

test("repeat() does nothing when it was aborted before it began", async () => {
  const stop = new AbortController();
  stop.abort();
  const clock = new FakeClock();
  await repeat(() => Promise.reject(new Error("ran")), clock.now().monoMs, {
    clock,
    log: createSinkLog(),
    signal: stop.signal,
    afterBugMs: AFTER_BUG_MS,
  });
  expect(clock.sleeping).toBe(0);
});
