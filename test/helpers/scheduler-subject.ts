import type { Rhythm } from "../../src/domain/rhythm.ts";
import type { Event } from "../../src/domain/state.ts";
import type { Target } from "../../src/domain/target.ts";
import type { Poll, Slot } from "../../src/poll/poller.ts";
import { type Scheduler, startScheduler } from "../../src/poll/scheduler.ts";
import { createStore, type Store } from "../../src/poll/store.ts";
import { answer, buildPlan, buildTarget, planned } from "./entry-builder.ts";
import { FakeClock } from "./fake-clock.ts";
import { createSinkLog, type SinkLog } from "./sink-log.ts";

export const INTERVAL_MS = 60_000;

interface Started {
  readonly key: string;
  /** Since the start of the scheduler. */
  readonly atMs: number;
  readonly slot: Slot;
}

export interface Subject extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly scheduler: Scheduler;
  readonly store: Store;
  readonly log: SinkLog;
  readonly started: readonly Started[];
  readonly ticks: () => number;
  /** Keys whose poll is under way. */
  readonly inFlight: readonly string[];
  /** When polls of the target started. */
  readonly startsOf: (target: Target) => number[];
}

export interface SubjectOptions {
  readonly intervalMs?: number;
  readonly rhythmOf?: (target: Target) => Rhythm;
  readonly poll?: Poll;
  readonly clock?: FakeClock;
  readonly onEvent?: (event: Event) => void;
}

export function manyTargets(count: number): Target[] {
  return Array.from({ length: count }, (_item, index) =>
    buildTarget(`icon-${String(index).padStart(3, "0")}`),
  );
}

/** A scheduler under test: its polls answer Healthy at once unless told otherwise. */
export function subject(targets: readonly Target[], options: SubjectOptions = {}): Subject {
  const clock = options.clock ?? new FakeClock();
  const intervalMs = options.intervalMs ?? INTERVAL_MS;
  const startMs = clock.now().monoMs;
  const log = createSinkLog();
  const started: Started[] = [];
  const inFlight: string[] = [];
  let ticks = 0;
  const store = createStore(clock, (_before, _after, event) => options.onEvent?.(event));
  store.dispatch(planned(buildPlan(targets), clock.now()));
  const scheduler = startScheduler({
    async poll(target, slot, signal) {
      started.push({ key: target.key, atMs: clock.now().monoMs - startMs, slot });
      inFlight.push(target.key);
      try {
        return options.poll === undefined
          ? answer(clock.now(), "Healthy", undefined, target.key)
          : await options.poll(target, slot, signal);
      } finally {
        inFlight.splice(inFlight.indexOf(target.key), 1);
      }
    },
    rhythmOf:
      options.rhythmOf ?? (() => ({ intervalMs, spreadMs: Math.min(intervalMs, 10_000), shiftMs: 0 })),
    store,
    clock,
    log,
    onTick: () => (ticks += 1),
  });
  scheduler.setTargets(targets);
  return {
    clock,
    scheduler,
    store,
    log,
    started,
    ticks: () => ticks,
    inFlight,
    startsOf: ({ key }) => started.filter((each) => each.key === key).map(({ atMs }) => atMs),
    [Symbol.asyncDispose]: () => scheduler[Symbol.asyncDispose](),
  };
}

/** The times between. */
export function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? Number.NaN));
}

/** The most that fall into any one window. */
export function mostWithin(windowMs: number, times: readonly number[]): number {
  return Math.max(
    ...times.map((from) => times.filter((time) => time >= from && time < from + windowMs).length),
  );
}
