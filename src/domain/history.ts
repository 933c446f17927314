import { cutText } from "../base/cut-text.ts";
import type { Failure } from "./failure.ts";
import type { State } from "./link-state.ts";
import type { Reason } from "./reason.ts";

/**
 * What is remembered of one interconnect for people who ask later: oldest first, each list bounded, so that it takes a
 * few KiB. Plain values with wall time alone, fit to be stored as they are.
 */
export interface History {
  readonly changes: readonly StateChange[];
  readonly polls: readonly PollRecord[];
  /** The last failed polls, also those that are too old for `polls`. */
  readonly failures: readonly FailedPoll[];
}

/** A state that was entered, the first answer and going stale included. */
export interface StateChange {
  readonly atUnixMs: number;
  readonly from: State;
  readonly to: State;
  /** As cleaned, cut. */
  readonly reason: string;
  readonly reasonClass: string;
}

export type PollRecord = AnsweredPoll | FailedPoll;

interface TimedPoll {
  /** When it ended. */
  readonly atUnixMs: number;
  /** From the first request to the end, retries included; undefined when none was sent, or from before this was kept. */
  readonly durationMs?: number | undefined;
}

interface AnsweredPoll extends TimedPoll {
  readonly outcome: "answered";
  /** The API's word for the state, cut; known to us or not. */
  readonly word: string;
  readonly cfRay?: string | undefined;
}

interface FailedPoll extends TimedPoll {
  readonly outcome: "failed";
  /** The message is cut. */
  readonly failure: Failure;
}

export const NO_HISTORY: History = { changes: [], polls: [], failures: [] };

const MOST_CHANGES = 50;
const MOST_POLLS = 10;
const MOST_FAILURES = 10;
/** Longest text that is kept, in code points. */
const TEXT_LENGTH = 300;

/** With a change of state; the oldest one goes when there are too many. */
export function rememberChange(
  history: History,
  { atUnixMs, from, to }: Omit<StateChange, "reason" | "reasonClass">,
  reason: Reason,
): History {
  const change = { atUnixMs, from, to, reason: cutText(reason.text, TEXT_LENGTH), reasonClass: reason.class };
  return { ...history, changes: append(history.changes, change, MOST_CHANGES) };
}

/** With a poll that got an answer. */
export function rememberAnswer(
  history: History,
  { atUnixMs, durationMs, word, cfRay }: Omit<AnsweredPoll, "outcome">,
): History {
  const poll: AnsweredPoll = {
    outcome: "answered",
    atUnixMs,
    durationMs,
    word: cutText(word, TEXT_LENGTH),
    cfRay,
  };
  return { ...history, polls: append(history.polls, poll, MOST_POLLS) };
}

/** With a poll that failed. */
export function rememberFailure(
  history: History,
  { atUnixMs, durationMs, failure }: Omit<FailedPoll, "outcome">,
): History {
  const poll: FailedPoll = {
    outcome: "failed",
    atUnixMs,
    durationMs,
    failure: { ...failure, message: cutText(failure.message, TEXT_LENGTH) },
  };
  return {
    ...history,
    polls: append(history.polls, poll, MOST_POLLS),
    failures: append(history.failures, poll, MOST_FAILURES),
  };
}

function append<T>(list: readonly T[], item: T, most: number): readonly T[] {
  return [...list.slice(Math.max(0, list.length - most + 1)), item];
}
