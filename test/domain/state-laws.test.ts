import * as fc from "fast-check";
import { expect, test } from "vitest";
import { FAILURE_KINDS } from "../../src/domain/failure.ts";
import { isLinkState, type State, STATES } from "../../src/domain/link-state.ts";
import { entryOf, type Event, type ExporterState, reduce } from "../../src/domain/state.ts";
import { instant, replay, STALE_AFTER_MS } from "../helpers/entry-builder.ts";
import { history, START, TARGETS } from "../helpers/event-history.ts";

interface Step {
  readonly before: ExporterState;
  readonly event: Event;
  readonly after: ExporterState;
}

/** Each event with the states before and after it. */
function stepsOf(events: readonly Event[]): Step[] {
  let before = replay([START]);
  return events.map((event) => {
    const step = { before, event, after: reduce(before, event) };
    before = step.after;
    return step;
  });
}

/** What section 2 of the contract says of one interconnect, told a second time as a list of runs. */
function runsOf(key: string, events: readonly Event[]): { readonly state: State; readonly fromMs: number }[] {
  const runs: { readonly state: State; readonly fromMs: number }[] = [
    { state: "Unknown", fromMs: instant(0).monoMs },
  ];
  let answeredMs = Number.NEGATIVE_INFINITY;
  let notFound = 0;
  const enter = (state: State, fromMs: number): void => {
    if (runs.at(-1)?.state !== state) runs.push({ state, fromMs });
  };
  for (const event of events) {
    const nowMs = event.at.monoMs;
    if (event.type !== "time-passed" && !("key" in event && event.key === key)) continue;
    if (nowMs > answeredMs + STALE_AFTER_MS) enter("Unknown", answeredMs + STALE_AFTER_MS);
    if (event.type === "poll-succeeded") {
      enter(isLinkState(event.word) ? event.word : "Unknown", nowMs);
      answeredMs = nowMs;
      notFound = 0;
    } else if (event.type === "poll-failed") {
      notFound = event.failure.kind === "not_found" ? notFound + 1 : 0;
      if (notFound > 1) enter("Unknown", nowMs);
    }
  }
  return runs;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

test("reduce() follows the contract's rules through any history: state, since, last known state, changes", () => {
  fc.assert(
    fc.property(history, (events) => {
      const after = replay([START, ...events]);
      for (const { key } of TARGETS) {
        const runs = runsOf(key, events);
        const entry = entryOf(after, key);
        const answers = events.filter((event) => event.type === "poll-succeeded" && event.key === key);
        const words = answers.map((event) => (event.type === "poll-succeeded" ? event.word : ""));
        expect(entry?.state).toBe(runs.at(-1)?.state);
        expect(entry?.since.monoMs).toBe(runs.at(-1)?.fromMs);
        expect(entry?.lastKnown).toBe(words.findLast(isLinkState));
        expect(entry?.lastSuccess).toEqual(answers.at(-1)?.at);
        const firstMs = answers[0]?.at.monoMs ?? Number.POSITIVE_INFINITY;
        const firstAnswered = words[0] !== undefined && isLinkState(words[0]);
        // What was entered after the first answer counts; the answer itself does not.
        const counted = runs.slice(1).filter(({ fromMs }) => fromMs >= firstMs);
        if (firstAnswered) counted.shift();
        for (const state of STATES) {
          expect(entry?.changes[state]).toBe(counted.filter((run) => run.state === state).length);
        }
      }
    }),
    { numRuns: 400 },
  );
});

test("reduce() accounts for every millisecond up to the interconnect's last own event, in the right state", () => {
  fc.assert(
    fc.property(history, (events) => {
      const after = replay([START, ...events]);
      for (const { key } of TARGETS) {
        const entry = entryOf(after, key);
        const runs = runsOf(key, events);
        const endMs = entry?.advancedTo ?? Number.NaN;
        expect(sum(Object.values(entry?.stateMs ?? {}))).toBe(endMs - instant(0).monoMs);
        for (const state of STATES) {
          const spent = runs.map((run, index) =>
            run.state === state ? Math.min(runs[index + 1]?.fromMs ?? endMs, endMs) - run.fromMs : 0,
          );
          expect(entry?.stateMs[state]).toBe(sum(spent));
        }
        const ownPolls = events.filter((event) => "key" in event && event.key === key);
        expect(endMs).toBeGreaterThanOrEqual(ownPolls.at(-1)?.at.monoMs ?? 0);
        expect(entry?.polls).toBe(ownPolls.length);
        const failures = ownPolls.filter(({ type }) => type === "poll-failed").length;
        expect(sum(Object.values(entry?.failures ?? {}))).toBe(failures);
      }
    }),
    { numRuns: 400 },
  );
});

test("reduce() never lets a counter fall", () => {
  fc.assert(
    fc.property(history, (events) => {
      for (const { before, after } of stepsOf(events)) {
        for (const [index, entry] of after.entries.all.entries()) {
          const old = before.entries.all[index];
          expect(entry.polls).toBeGreaterThanOrEqual(old?.polls ?? 0);
          for (const state of STATES) {
            expect(entry.changes[state]).toBeGreaterThanOrEqual(old?.changes[state] ?? 0);
            expect(entry.stateMs[state]).toBeGreaterThanOrEqual(old?.stateMs[state] ?? 0);
          }
          for (const each of FAILURE_KINDS) {
            expect(entry.failures[each] ?? 0).toBeGreaterThanOrEqual(old?.failures[each] ?? 0);
          }
        }
      }
    }),
  );
});

test("reduce() touches only the event's own interconnect, and time only those that go stale", () => {
  fc.assert(
    fc.property(history, (events) => {
      for (const { before, event, after } of stepsOf(events)) {
        const touched = after.entries.all.filter((entry, index) => entry !== before.entries.all[index]);
        const expected = after.entries.all.filter((entry, index) =>
          "key" in event
            ? event.key === entry.target.key
            : before.entries.all[index]?.state !== "Unknown" && entry.state === "Unknown",
        );
        expect(touched).toEqual(expected);
      }
    }),
  );
});

test("reduce() is a function of its events: a replay gives an equal state, and no state before it changes", () => {
  fc.assert(
    fc.property(history, (events) => {
      const frozen = events.map((event) => deepFreeze(structuredClone(event)));
      let state = deepFreeze(replay([START]));
      for (const event of frozen) state = deepFreeze(reduce(state, event));
      expect(state).toEqual(replay([START, ...events]));
    }),
  );
});

test("reduce() gives every state one reason: ours for Unknown, the answer's for the others", () => {
  const ours = new Set<string>([...FAILURE_KINDS, "unknown_state", "not_polled"]);
  fc.assert(
    fc.property(history, (events) => {
      for (const { state, reason } of replay([START, ...events]).entries.all) {
        expect(ours.has(reason.class)).toBe(state === "Unknown");
        expect(reason.text.isWellFormed() && reason.label.text.isWellFormed()).toBe(true);
      }
    }),
  );
});

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
