import type { Instant } from "../base/clock.ts";
import type { Failure, FailureKind } from "./failure.ts";
import type { LinkState, State } from "./link-state.ts";
import { explainNoPoll } from "./explain.ts";
import type { ReasonsOfDay } from "./explain.ts";
import type { Reason, ReasonRules } from "./reason.ts";
import type { Target } from "./target.ts";

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
    failure: undefined,
    notFoundInARow: 0,
    polls: 0,
    failures: {},
    changes: perState(0),
    stateMs: perState(0),
    advancedTo: at.monoMs,
    reasonsOfDay: { day: 0, labels: [] },
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
  const counts = entry.lastSuccess !== undefined;
  return {
    ...entry,
    state,
    since: at,
    changed: counts ? at : entry.changed,
    changes: counts ? { ...entry.changes, [state]: entry.changes[state] + 1 } : entry.changes,
  };
}
