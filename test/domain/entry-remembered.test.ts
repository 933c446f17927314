import { describe, expect, test } from "vitest";
import { createEdges } from "../../src/domain/edge.ts";
import { type Entry, type Remembered, rememberedOf } from "../../src/domain/entry.ts";
import { NO_HISTORY } from "../../src/domain/history.ts";
import { needsAttention } from "../../src/domain/rhythm.ts";
import { EMPTY_STATE, entryOf, type Event, type ExporterState, reduce } from "../../src/domain/state.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  entryAfter,
  failure,
  instant,
  planned,
  replay,
  STALE_AFTER_MS,
} from "../helpers/entry-builder.ts";

const TARGET = buildTarget();
const HOUR_MS = 3_600_000;

const DOWN: Remembered = {
  state: "Down",
  since: instant(-2 * HOUR_MS),
  changed: instant(-2 * HOUR_MS),
  lastKnown: "Down",
  lastSuccess: instant(-HOUR_MS),
  reason: { text: "no light", class: "no_light" },
  history: NO_HISTORY,
};

function started(remembered: Remembered = DOWN): ExporterState {
  const interconnects = new Map([[TARGET.key, remembered]]);
  return replay([{ type: "remembered", at: instant(0), interconnects }, planned(buildPlan([TARGET]))]);
}

function entryIn(state: ExporterState): Entry {
  const entry = entryOf(state, TARGET.key);
  if (entry === undefined) throw new Error("Expected an entry");
  return entry;
}

const after = (events: readonly Event[], remembered?: Remembered): Entry =>
  entryIn(replay(events, started(remembered)));

describe("an interconnect that storage knows", () => {
  test("is Unknown before the first answer, with its last known state and last success there", () => {
    expect(entryIn(started())).toMatchObject({
      state: "Unknown",
      since: instant(0),
      lastKnown: "Down",
      lastSuccess: DOWN.lastSuccess,
      reason: { class: "not_polled" },
      changes: { Down: 0, Unknown: 0 },
      polls: 0,
    });
    expect(needsAttention(entryIn(started()), instant(0))).toBe(false);
  });

  test("goes on with its run when the first answer is the same state", () => {
    const entry = after([answer(instant(1000), "Down", "no light")]);
    expect(entry).toMatchObject({ state: "Down", since: DOWN.since, changed: DOWN.changed });
    expect(entry.changes).toEqual({ Healthy: 0, Unhealthy: 0, Down: 0, Pending: 0, Unknown: 0 });
    expect(entry.stateMs).toMatchObject({ Unknown: 1000, Down: 0 });
    expect(entry.remembered).toBeUndefined();
    expect(entry.history.changes).toEqual([]);
  });

  test("counts the change that happened while we were away, once", () => {
    const first = answer(instant(1000), "Healthy");
    const entry = after([first, answer(instant(2000), "Healthy")]);
    expect(entry).toMatchObject({ state: "Healthy", since: first.at, changed: first.at });
    expect(entry.changes).toMatchObject({ Healthy: 1, Down: 0, Unknown: 0 });
    expect(entry.history.changes).toMatchObject([{ from: "Down", to: "Healthy" }]);
  });

  test("counts an answer that is not understood as a change to Unknown", () => {
    const entry = after([answer(instant(1000), "Degraded")]);
    expect(entry).toMatchObject({ state: "Unknown", lastKnown: "Down", since: instant(1000) });
    expect(entry.changes).toMatchObject({ Unknown: 1 });
  });

  test.each([
    ["Down", 0],
    ["Healthy", 1],
  ])(
    "that was Unknown begins a run with %s, counted when it is another than the last known",
    (word, count) => {
      const entry = after([answer(instant(1000), word)], { ...DOWN, state: "Unknown" });
      expect(entry.since).toEqual(instant(1000));
      expect(entry.changes[entry.state]).toBe(count);
    },
  );

  test("tells why polls fail before the first answer, and still knows what was", () => {
    const young = { ...DOWN, lastSuccess: instant(-1000) };
    const failing = [failure(instant(1000), "timeout"), failure(instant(2000), "not_found")];
    const events = [...failing, failure(instant(3000), "not_found")];
    expect(after(failing.slice(0, 1), young).reason.class).toBe("timeout");
    expect(after(events, young)).toMatchObject({ state: "Unknown", reason: { class: "not_found" } });
    expect(rememberedOf(after(events, young))).toMatchObject({
      state: "Down",
      since: young.since,
      history: { changes: [], failures: [{}, {}, {}] },
    });
    expect(after([...events, answer(instant(4000), "Down")], young).since).toEqual(young.since);
  });

  test("goes stale after its first answer as every other", () => {
    const stale = instant(1000 + STALE_AFTER_MS + 1);
    const entry = after([answer(instant(1000), "Down"), { type: "time-passed", at: stale }]);
    expect(entry).toMatchObject({ state: "Unknown", since: instant(1000 + STALE_AFTER_MS) });
    expect(entry.changes).toMatchObject({ Unknown: 1 });
  });

  test("is remembered once: when it goes and comes back, it starts anew", () => {
    const state = replay(
      [planned(buildPlan([]), instant(10)), planned(buildPlan([TARGET]), instant(20))],
      started(),
    );
    expect(entryIn(state)).toMatchObject({ lastKnown: undefined, since: instant(20) });
  });

  test("may be planned late, as one that a list brings", () => {
    const interconnects = new Map([[TARGET.key, DOWN]]);
    const state = replay([
      { type: "remembered", at: instant(0), interconnects },
      planned(buildPlan([])),
      planned(buildPlan([TARGET])),
    ]);
    expect(entryIn(state).lastKnown).toBe("Down");
  });

  test("is told of in the log only when it changed", () => {
    const before = started();
    const edges = (word: string): unknown[] => {
      const event = answer(instant(1000), word);
      return createEdges(String)(before, reduce(before, event), event)
        .filter(({ message }) => message === "Interconnect changed state")
        .map(({ fields }) => [fields["from"], fields["to"]]);
    };
    expect(edges("Down")).toEqual([]);
    expect(edges("Healthy")).toEqual([["Down", "Healthy"]]);
    const event = { type: "remembered", at: instant(0), interconnects: new Map() } as const;
    expect(createEdges(String)(EMPTY_STATE, reduce(EMPTY_STATE, event), event)).toEqual([]);
  });
});

describe("rememberedOf()", () => {
  test("is nothing before the first answer of all, then what the entry says", () => {
    expect(rememberedOf(entryAfter([]))).toBeUndefined();
    expect(rememberedOf(entryAfter([answer(instant(5), "Down", "no light")]))).toMatchObject({
      state: "Down",
      since: instant(5),
      changed: undefined,
      lastKnown: "Down",
      lastSuccess: instant(5),
      reason: { text: "no light", class: "no_light" },
      history: { changes: [{ from: "Unknown", to: "Down" }], polls: [{ word: "Down" }] },
    });
  });
});
