import { setImmediate as turn } from "node:timers/promises";
import type { Clock, Instant } from "../../src/base/clock.ts";

/** 2027-01-15T08:00:00Z, a round number that is easy to recognise in a failing test. */
const START_UNIX_MS = 1_800_000_000_000;
/** Neither 0 nor the wall time, so that code which mixes the two clocks, or reads 0 as "never", shows. */
const START_MONO_MS = 5_000_000;
/** Turns of the event loop in which answers on loopback sockets and chains of promises come to rest. */
const SETTLE_TURNS = 5;

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. Sleepers wake in order of their time, then of their coming. */
export class FakeClock implements Clock {
  #unixMs: number;
  #monoMs = START_MONO_MS;
  readonly #sleepers = new Set<Sleeper>();
  readonly #watchers = new Set<() => void>();

  constructor(unixMs: number = START_UNIX_MS) {
    this.#unixMs = unixMs;
  }

  now(): Instant {
    return { unixMs: this.#unixMs, monoMs: this.#monoMs };
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Up to the whole millisecond, as instants are.
    const sleeper: Sleeper = { dueMs: this.#monoMs + Math.ceil(Math.max(ms, 0)), wake: resolve };
    const onAbort = (): void => reject(signal?.reason);
    this.#sleepers.add(sleeper);
    signal?.addEventListener("abort", onAbort, { once: true });
    for (const watcher of this.#watchers) watcher();
    try {
      await promise;
    } finally {
      this.#sleepers.delete(sleeper);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** How many are asleep now: 0 at the end of a test says that no timer was left behind. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Milliseconds until the next sleeper wakes; undefined when nobody sleeps. */
  get nextWakeMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.dueMs - this.#monoMs;
  }

  /** Resolves once at least `count` are asleep: the condition to wait for before `advance`. */
  async whenSleeping(count: number): Promise<void> {
    if (this.#sleepers.size >= count) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const watcher = (): void => {
      if (this.#sleepers.size >= count) resolve();
    };
    this.#watchers.add(watcher);
    await promise;
    this.#watchers.delete(watcher);
  }

  /** Moves both clocks on, wakes each sleeper at its own time, and lets what it does come to rest before the next. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monoMs + ms;
    await this.settle();
    for (let next = this.#next(); next !== undefined && next.dueMs <= endMs; next = this.#next()) {
      this.#moveTo(Math.max(next.dueMs, this.#monoMs));
      this.#sleepers.delete(next);
      next.wake();
      await this.settle();
    }
    this.#moveTo(endMs);
  }

  /** The process was paused, as a suspended machine is: all that fell due meanwhile wakes late, at the new time. */
  async jump(ms: number): Promise<void> {
    await this.settle();
    this.#moveTo(this.#monoMs + ms);
    await this.advance(0);
  }

  /** Somebody sets the wall clock; durations and sleepers do not notice. */
  setWallClock(unixMs: number): void {
    this.#unixMs = unixMs;
  }

  /** Lets promises and loopback sockets come to rest without moving the time. */
  async settle(): Promise<void> {
    for (let count = 0; count < SETTLE_TURNS; count += 1) await turn();
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (next === undefined || sleeper.dueMs < next.dueMs) next = sleeper;
    }
    return next;
  }

  #moveTo(monoMs: number): void {
    this.#unixMs += monoMs - this.#monoMs;
    this.#monoMs = monoMs;
  }
}
