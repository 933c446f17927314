import type { Instant } from "../base/clock.ts";
import { assertNever } from "../base/assert-never.ts";
import { type ClockStep, doubted, rebase, standStill } from "./clock-step.ts";
import { Entries } from "./entries.ts";
import {
  advance,
  enter,
  type Entry,
  newEntry,
  type Remembered,
  rememberedEntry,
  resume,
  withChange,
} from "./entry.ts";
import { explainAnswer, explainFailure, explainSilence } from "./explain.ts";
import type { Failure } from "./failure.ts";
import { rememberAnswer, rememberFailure } from "./history.ts";
import { isLinkState } from "./link-state.ts";
import type { Plan } from "./plan.ts";
import { targetKey } from "./target.ts";

/** Everything the exporter knows, as of the last event. */
export interface ExporterState {
  readonly plan: Plan;
  readonly entries: Entries;
  /** Where in `entries` a target's key is. */
  readonly positions: ReadonlyMap<string, number>;
  /** By key, what the state file knows of interconnects that have not been planned since. */
  readonly remembered: ReadonlyMap<string, Remembered>;
}

/** All that can happen. Time passing is an event too, so that the same events give the same state. */
export type Event =
  | {
      readonly type: "remembered";
      readonly at: Instant;
      readonly interconnects: ReadonlyMap<string, Remembered>;
    }
  | { readonly type: "planned"; readonly at: Instant; readonly plan: Plan }
  | { readonly type: "time-passed"; readonly at: Instant }
  | (ClockStep & {
      readonly at: Instant;
      /** When the process began, by the wall clock before the step. */
      readonly startUnixMs: number;
    })
  | PollSucceeded
  | PollFailed;

/** What the API says of one interconnect. */
export interface StatusAnswer {
  /** Its word for the state, known to us or not. */
  readonly word: string;
  readonly reason: string | undefined;
  readonly cfRay: string | undefined;
}

interface PollEnded {
  readonly at: Instant;
  readonly key: string;
  /** From the first request to the end, retries included; undefined when none was sent. */
  readonly durationMs?: number | undefined;
}

export interface PollSucceeded extends StatusAnswer, PollEnded {
  readonly type: "poll-succeeded";
}

export interface PollFailed extends PollEnded {
  readonly type: "poll-failed";
  readonly failure: Failure;
}

/** 404s in a row that are believed. */
const NOT_FOUND_BELIEVED = 2;

export const EMPTY_STATE: ExporterState = {
  plan: {
    targets: [],
    groups: [],
    staleAfterMs: {},
    reasons: { label: "full", maxLength: 200, maskNumbers: true, maxPerInterconnect: 20, classes: [] },
  },
  entries: Entries.of([]),
  positions: new Map(),
  remembered: new Map(),
};

/** The state after the event. Unchanged entries stay the same objects; events of unknown targets change nothing. */
export function reduce(state: ExporterState, event: Event): ExporterState {
  switch (event.type) {
    case "remembered":
      return { ...state, remembered: event.interconnects };
    case "planned":
      return planned(state, event.plan, event.at);
    case "time-passed":
      return timePassed(state, event.at);
    case "clock-set":
      return withAll(state, (entry) => rebase(entry, event.byMs, event.startUnixMs));
    case "stood-still":
      return withAll(state, (entry) => standStill(entry, event.byMs, event.at));
    case "poll-succeeded":
      return withEntry(state, event.key, (entry) => answered(entry, event, state.plan));
    case "poll-failed":
      return withEntry(state, event.key, (entry) => failed(entry, event, state.plan));
    default:
      return assertNever(event);
  }
}

export function entryOf(state: ExporterState, key: string): Entry | undefined {
  return state.entries.at(state.positions.get(key) ?? -1);
}

/** The interconnect of that account and name, as a stranger gives them; undefined when it is not polled. */
export function findEntry(state: ExporterState, account: string, interconnect: string): Entry | undefined {
  const entry = entryOf(state, targetKey(account, interconnect));
  // `a/b` and `c` make the same key as `a` and `b/c`.
  return entry?.target.account === account ? entry : undefined;
}

function planned(state: ExporterState, plan: Plan, at: Instant): ExporterState {
  const entries = plan.targets.map((target) => {
    const known = entryOf(state, target.key);
    if (known !== undefined) return isSame(known.target, target) ? known : { ...known, target };
    const remembered = state.remembered.get(target.key);
    return remembered === undefined
      ? newEntry(target, at, plan.reasons)
      : rememberedEntry(target, at, plan.reasons, remembered);
  });
  if (changesNothing(state, plan, entries)) return state;
  const positions = new Map(plan.targets.map((target, index) => [target.key, index]));
  // What is known now is never remembered again: one that goes and comes back starts anew.
  const remembered = new Map([...state.remembered].filter(([key]) => !positions.has(key)));
  return { plan, entries: Entries.of(entries), positions, remembered };
}

/** Groups and rules come from the configuration as they are, so that those of a list are the same objects. */
function changesNothing(
  { plan: before, entries }: ExporterState,
  plan: Plan,
  after: readonly Entry[],
): boolean {
  return (
    plan.groups === before.groups &&
    plan.reasons === before.reasons &&
    isSame(plan.staleAfterMs, before.staleAfterMs) &&
    after.length === entries.length &&
    after.every((entry, index) => entry === entries.at(index))
  );
}

/** Of two values made of objects and primitives. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [ofA, ofB] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return (
    ofA.size === ofB.size && [...ofA].every(([key, value]) => ofB.has(key) && isSame(value, ofB.get(key)))
  );
}

function timePassed(state: ExporterState, at: Instant): ExporterState {
  return withAll(state, (entry) => goStale(doubted(entry, at), at, state.plan));
}

function withAll(state: ExporterState, change: (entry: Entry) => Entry): ExporterState {
  const before = state.entries.all;
  const after = before.map(change);
  return after.every((entry, index) => entry === before[index])
    ? state
    : { ...state, entries: Entries.of(after) };
}

function withEntry(state: ExporterState, key: string, change: (entry: Entry) => Entry): ExporterState {
  const position = state.positions.get(key) ?? -1;
  const entry = state.entries.at(position);
  return entry === undefined ? state : { ...state, entries: state.entries.with(position, change(entry)) };
}

function answered(before: Entry, event: PollSucceeded, plan: Plan): Entry {
  const { at, durationMs, word, cfRay } = event;
  const entry = advance(goStale(before, at, plan), at.monoMs);
  const known = isLinkState(word);
  const next = known ? word : "Unknown";
  const { remembered } = entry;
  return withChange(entry, {
    ...(remembered === undefined ? enter(entry, next, at) : resume(entry, remembered, next, at)),
    ...explainAnswer(entry.reasonsOfDay, event, plan.reasons),
    lastKnown: known ? word : entry.lastKnown,
    lastSuccess: at,
    doubt: undefined,
    failure: undefined,
    notFoundInARow: 0,
    polls: entry.polls + 1,
    history: rememberAnswer(entry.history, { atUnixMs: at.unixMs, durationMs, word, cfRay }),
  });
}

function failed(before: Entry, event: PollFailed, plan: Plan): Entry {
  const { failure, at, durationMs } = event;
  const entry = advance(goStale(before, at, plan), at.monoMs);
  const notFoundInARow = failure.kind === "not_found" ? entry.notFoundInARow + 1 : 0;
  const gone = notFoundInARow >= NOT_FOUND_BELIEVED;
  const next = gone ? enter(entry, "Unknown", at) : entry;
  // An answer that is still believed, even an unheard-of word, is the better explanation.
  const believed = next.remembered === undefined && !gone && isFresh(next, at, plan);
  const explains = next.state === "Unknown" && !believed;
  return withChange(entry, {
    ...next,
    reason: explains ? explainFailure(failure.kind, plan.reasons) : next.reason,
    failure,
    notFoundInARow,
    polls: entry.polls + 1,
    failures: { ...entry.failures, [failure.kind]: (entry.failures[failure.kind] ?? 0) + 1 },
    history: rememberFailure(entry.history, { atUnixMs: at.unixMs, durationMs, failure }),
  });
}

/** Unknown from the very moment at which the last answer became too old, however late we notice. */
function goStale(entry: Entry, at: Instant, plan: Plan): Entry {
  if (entry.state === "Unknown" || isFresh(entry, at, plan)) return entry;
  const staleAt = staleAtMs(entry, plan);
  const moment = { monoMs: staleAt, unixMs: at.unixMs - (at.monoMs - staleAt) };
  return withChange(entry, {
    ...enter(advance(entry, staleAt), "Unknown", moment),
    reason:
      entry.failure === undefined
        ? explainSilence(plan.reasons)
        : explainFailure(entry.failure.kind, plan.reasons),
  });
}

function isFresh(entry: Entry, at: Instant, plan: Plan): boolean {
  return at.monoMs <= staleAtMs(entry, plan);
}

function staleAtMs(entry: Entry, plan: Plan): number {
  const staleAfterMs = plan.staleAfterMs[entry.target.account] ?? 0;
  return (entry.lastSuccess?.monoMs ?? Number.NEGATIVE_INFINITY) + staleAfterMs;
}
