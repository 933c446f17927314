import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { dueAfterPoll, spreadDue } from "../domain/schedule.ts";
import { entryOf } from "../domain/state.ts";
import type { Target } from "../domain/target.ts";
import type { Poll } from "./poller.ts";
import type { Store } from "./store.ts";

/** A bound on what runs at once, such as p-limit's. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/** What the scheduler tells the exporter's own metrics. */
export interface SchedulerObserver {
  /** A poll starts, `lagMs` after it was due. */
  pollStarted(lagMs: number): void;
  pollEnded(): void;
  ticked(): void;
}

export interface SchedulerOptions {
  readonly targets: readonly Target[];
  readonly intervalMs: number;
  readonly poll: Poll;
  readonly limitOf: (target: Target) => Limit;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: SchedulerObserver;
}

/** How often passing time is made known: the precision with which an answer goes stale. */
const TICK_MS = 1000;
/** A poll that wakes later than this was missed in a pause of the process: it is spread anew, not caught up. */
const MISSED_MS = 1000;

/** Polls every target in its rhythm until disposed of; then every poll in flight is aborted and waited for. */
export function startScheduler(options: SchedulerOptions): AsyncDisposable {
  const { targets, intervalMs, clock, log, store } = options;
  const stop = new AbortController();
  const startMs = clock.now().monoMs;
  const loops = targets.map((target) =>
    untilAborted((due) => follow(target, due), spreadDue(startMs, target.key, intervalMs)),
  );
  loops.push(untilAborted(tick, startMs));
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(loops);
    },
  };

  /** Runs `step` at the time that the step before it returned. A step that throws is a bug, and only a bug of that step. */
  async function untilAborted(step: (dueMs: number) => Promise<number>, firstDueMs: number): Promise<void> {
    let dueMs = firstDueMs;
    while (!stop.signal.aborted) {
      try {
        await clock.sleep(dueMs - clock.now().monoMs, stop.signal);
        dueMs = await step(dueMs);
      } catch (error) {
        if (stop.signal.aborted) return;
        log.error({ err: error }, "Bug in the scheduler");
        dueMs = clock.now().monoMs + TICK_MS;
      }
    }
  }

  async function follow(target: Target, dueMs: number): Promise<number> {
    const wokenMs = clock.now().monoMs;
    if (wokenMs - dueMs > MISSED_MS) return spreadDue(wokenMs, target.key, intervalMs);
    const event = await options.limitOf(target)(() => measured(target, dueMs));
    if (event !== undefined) store.dispatch(event);
    const notFoundInARow = entryOf(store.read().state, target.key)?.notFoundInARow ?? 0;
    // A timer may fire a moment early; the slot that it was for is over all the same.
    const endedMs = Math.max(clock.now().monoMs, dueMs);
    return dueAfterPoll(endedMs, target.key, intervalMs, notFoundInARow);
  }

  async function measured(target: Target, dueMs: number): ReturnType<Poll> {
    // Polls that queued for a slot while we were told to stop end here, without a request.
    if (stop.signal.aborted) return undefined;
    options.observer.pollStarted(clock.now().monoMs - dueMs);
    try {
      return await options.poll(target, stop.signal);
    } finally {
      options.observer.pollEnded();
    }
  }

  async function tick(): Promise<number> {
    const at = clock.now();
    options.observer.ticked();
    store.dispatch({ type: "time-passed", at });
    return at.monoMs + TICK_MS;
  }
}
