import type { Instant } from "../base/clock.ts";
import type { Failure, FailureKind } from "./failure.ts";
import { type History, NO_HISTORY, rememberChange } from "./history.ts";
import type { LinkState, State } from "./link-state.ts";
import { explainNoPoll, type ReasonsOfDay } from "./explain.ts";
import type { Reason, ReasonRules } from "./reason.ts";
import type { Target } from "./target.ts";

/** What the state file knows of an interconnect from before this process. */
export interface Remembered {
  readonly state: State;
  readonly since: Instant;
  readonly changed: Instant | undefined;
  readonly lastKnown: LinkState | undefined;
  readonly lastSuccess: Instant;
  readonly reason: { readonly text: string; readonly class: string };
  readonly history: History;
}

/** All that is known of one interconnect. Immutable: a changed one is another object. */
export interface Entry {
  readonly target: Target;
  readonly state: State;
  /** When this unbroken run of the state began. */
  readonly since: Instant;
  /** When a state was last entered in a way that counts; undefined until then. */
  readonly changed: Instant | undefined;
  /** The state last answered; outlives `Unknown`. */
  readonly lastKnown: LinkState | undefined;
  readonly reason: Reason;
  /** When the last valid answer came. */
  readonly lastSuccess: Instant | undefined;
  /** After a standstill of the machine: from when on, by the monotonic clock, the last answer is older by so much. */
  readonly doubt: { readonly fromMonoMs: number; readonly ageMs: number } | undefined;
  /** The failure of the last poll; undefined when it succeeded or there was none. */
  readonly failure: Failure | undefined;
  /** 404s in a row up to now. */
  readonly notFoundInARow: number;
  readonly polls: number;
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** How often each state was entered. */
  readonly changes: Readonly<Record<State, number>>;
  /** Milliseconds spent in each state, true as of `advancedTo`. */
  readonly stateMs: Readonly<Record<State, number>>;
  /** Monotonic time, in milliseconds, up to which `stateMs` counts. */
  readonly advancedTo: number;
  /** The distinct label texts of a UTC day, for the cap. */
  readonly reasonsOfDay: ReasonsOfDay;
  readonly history: History;
  /** From before a restart, until the first answer says what became of it; undefined without. */
  readonly remembered: Remembered | undefined;
}

/** A number for every state. */
function perState(value: number): Readonly<Record<State, number>> {
  return { Healthy: value, Unhealthy: value, Down: value, Pending: value, Unknown: value };
}

export function newEntry(target: Target, at: Instant, rules: ReasonRules): Entry {
  return {
    target,
    state: "Unknown",
    since: at,
    changed: undefined,
    lastKnown: undefined,
    reason: explainNoPoll(rules),
    lastSuccess: undefined,
    doubt: undefined,
    failure: undefined,
    notFoundInARow: 0,
    polls: 0,
    failures: {},
    changes: perState(0),
    stateMs: perState(0),
    advancedTo: at.monoMs,
    reasonsOfDay: { day: 0, labels: [] },
    history: NO_HISTORY,
    remembered: undefined,
  };
}

/** The entry of an interconnect that the state file knows: `Unknown` until the first answer, its last known state there at once. */
export function rememberedEntry(
  target: Target,
  at: Instant,
  rules: ReasonRules,
  remembered: Remembered,
): Entry {
  const { lastKnown, lastSuccess, changed, history } = remembered;
  return { ...newEntry(target, at, rules), lastKnown, lastSuccess, changed, history, remembered };
}

/** What the state file has to know of the entry; undefined before the first answer of all. */
export function rememberedOf(entry: Entry): Remembered | undefined {
  const { state, since, changed, lastKnown, lastSuccess, reason, history } = entry;
  if (entry.remembered !== undefined) return { ...entry.remembered, history };
  if (lastSuccess === undefined) return undefined;
  return {
    state,
    since,
    changed,
    lastKnown,
    lastSuccess,
    reason: { text: reason.text, class: reason.class },
    history,
  };
}

/** The entry with the time up to `monoMs` counted to its state. */
export function advance(entry: Entry, monoMs: number): Entry {
  const elapsed = Math.max(0, monoMs - entry.advancedTo);
  return {
    ...entry,
    stateMs: { ...entry.stateMs, [entry.state]: entry.stateMs[entry.state] + elapsed },
    advancedTo: entry.advancedTo + elapsed,
  };
}

/** The entry in `state` from `at` on. Entering a state counts, but the first answer of all is no change. */
export function enter(entry: Entry, state: State, at: Instant): Entry {
  if (entry.state === state) return entry;
  return changeTo(entry, state, at, entry.lastSuccess !== undefined);
}

/**
 * The entry in the state of its first answer since a restart. The same state goes on as the run that it was; another
 * one counts as the change that happened meanwhile, unless it only ends an `Unknown`.
 */
export function resume(entry: Entry, remembered: Remembered, state: State, at: Instant): Entry {
  if (state === remembered.state) return { ...entry, state, since: remembered.since, remembered: undefined };
  const counts = remembered.state !== "Unknown" || state !== remembered.lastKnown;
  return changeTo({ ...entry, remembered: undefined }, state, at, counts);
}

function changeTo(entry: Entry, state: State, at: Instant, counts: boolean): Entry {
  return {
    ...entry,
    state,
    since: at,
    changed: counts ? at : entry.changed,
    changes: counts ? { ...entry.changes, [state]: entry.changes[state] + 1 } : entry.changes,
  };
}

/** The state before an event; for the first answer after a restart, the one that the state file knows. */
export function stateBefore(before: Entry, after: Entry): State {
  return after.remembered === undefined ? (before.remembered?.state ?? before.state) : before.state;
}

/** The entry after one event, with its change of state in its history, if it made one. */
export function withChange(before: Entry, after: Entry): Entry {
  const from = stateBefore(before, after);
  const { state: to, since, reason } = after;
  if (from === to) return after;
  return { ...after, history: rememberChange(after.history, { atUnixMs: since.unixMs, from, to }, reason) };
}
