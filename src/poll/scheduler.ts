import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Rhythm } from "../domain/rhythm.ts";
import { dueAfterPoll, dueAtStart, spreadDue } from "../domain/schedule.ts";
import { entryOf } from "../domain/state.ts";
import type { Target } from "../domain/target.ts";
import type { Poll } from "./poller.ts";
import { repeat } from "./repeat.ts";
import type { Store } from "./store.ts";

export interface SchedulerOptions {
  readonly poll: Poll;
  /** Asked before the first poll and after each one. */
  readonly rhythmOf: (target: Target) => Rhythm;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Told once a second. */
  readonly onTick: () => void;
}

/** Polls its targets, each in its rhythm, until disposed of; then every poll in flight is aborted and waited for. */
export interface Scheduler extends AsyncDisposable {
  /** From now on these: new ones are polled soon, those that are gone no more. */
  setTargets(targets: readonly Target[]): void;
  /** All of them soon, spread as new ones are; what is under way is given up and asked again. */
  pollSoon(): void;
}

/** How often passing time is made known: the precision with which an answer goes stale. */
const TICK_MS = 1000;
/** A poll that wakes later than this was missed in a pause of the process: it is spread anew, not caught up. */
const MISSED_MS = 1000;

type Step = (dueMs: number, signal: AbortSignal) => Promise<number>;

interface Loop {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

export function startScheduler(options: SchedulerOptions): Scheduler {
  const { clock, log, store, rhythmOf } = options;
  let current: readonly Target[] = [];
  const loops = new Map<string, Loop>();
  /** By key, the loops of targets that are gone, until their last poll has ended. */
  const ending = new Map<string, Promise<void>>();
  const ticking = startLoop(tick, clock.now().monoMs, TICK_MS);

  return {
    setTargets(targets) {
      current = targets;
      const keys = new Set(targets.map(({ key }) => key));
      for (const [key, loop] of loops) if (!keys.has(key)) end(key, loop);
      for (const target of targets) {
        if (loops.has(target.key)) continue;
        const rhythm = rhythmOf(target);
        start(target, firstDueOf(target, rhythm), rhythm);
      }
    },
    pollSoon() {
      const nowMs = clock.now().monoMs;
      for (const target of current) {
        const loop = loops.get(target.key);
        if (loop !== undefined) end(target.key, loop);
        const rhythm = rhythmOf(target);
        start(target, spreadDue(nowMs, target.key, rhythm.spreadMs), rhythm);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { stop } of [ticking, ...loops.values()]) stop.abort();
      await Promise.all([ticking.done, ...[...loops.values()].map(({ done }) => done), ...ending.values()]);
    },
  };

  function start(target: Target, firstDueMs: number, { intervalMs }: Rhythm): void {
    loops.set(target.key, startLoop(follow(target), firstDueMs, intervalMs));
  }

  function startLoop(step: Step, firstMs: number, afterBugMs: number): Loop {
    const stop = new AbortController();
    return { stop, done: repeat(step, firstMs, { clock, log, signal: stop.signal, afterBugMs }) };
  }

  /** Goes on where the polls before a reload left off. */
  function firstDueOf({ key }: Target, rhythm: Rhythm): number {
    const nowMs = clock.now().monoMs;
    const entry = entryOf(store.read().state, key);
    const idleSinceMs = entry?.advancedTo ?? nowMs;
    const polled = entry !== undefined && entry.polls > 0;
    return dueAtStart({ ...rhythm, nowMs, key, idleSinceMs, polled });
  }

  function end(key: string, { stop, done }: Loop): void {
    loops.delete(key);
    stop.abort();
    const ended: Promise<void> = Promise.all([done, ending.get(key)]).then(() => {
      if (ending.get(key) === ended) ending.delete(key);
    });
    ending.set(key, ended);
  }

  /** The steps of one target's loop. A poll that was missed is put off once: on a machine that is always late it is still sent. */
  function follow(target: Target): Step {
    let putOff = false;
    return async (dueMs, signal) => {
      const lateMs = clock.now().monoMs - dueMs;
      putOff = !putOff && lateMs > MISSED_MS;
      if (putOff) return spreadDue(dueMs + lateMs, target.key, rhythmOf(target).spreadMs);
      return await pollOnce(target, dueMs, signal);
    };
  }

  async function pollOnce(target: Target, dueMs: number, signal: AbortSignal): Promise<number> {
    const { key } = target;
    // One that went and came back at once never overlaps its own last poll.
    await ending.get(key);
    if (signal.aborted) return dueMs;
    const latestMs = dueMs + rhythmOf(target).intervalMs;
    const event = await options.poll(target, { dueMs, latestMs }, signal);
    if (event !== undefined) store.dispatch(event);
    const notFoundInARow = entryOf(store.read().state, key)?.notFoundInARow ?? 0;
    return dueAfterPoll({
      ...rhythmOf(target),
      key,
      dueMs,
      endedMs: clock.now().monoMs,
      notFoundInARow,
    });
  }

  async function tick(): Promise<number> {
    const at = clock.now();
    options.onTick();
    store.dispatch({ type: "time-passed", at });
    return at.monoMs + TICK_MS;
  }
}
