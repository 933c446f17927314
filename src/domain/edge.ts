import { assertNever } from "../base/assert-never.ts";
import { at } from "../base/at.ts";
import type { ClockStep } from "./clock-step.ts";
import { type Entry, stateBefore } from "./entry.ts";
import { createKnownFaults, type Fault } from "./known-faults.ts";
import { isLinkState } from "./link-state.ts";
import { firstRoundDone } from "./snapshot.ts";
import { entryOf, type Event, type ExporterState, type PollFailed, type PollSucceeded } from "./state.ts";
import type { Target } from "./target.ts";
import { countStates, verdictOf } from "./verdict.ts";

/** Something worth a line in the log: an edge, never a level. */
export interface Edge {
  readonly level: "debug" | "info" | "warn";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What changed for the people who read the log, between the states before and after one event. */
export type EdgesBetween = (before: ExporterState, after: ExporterState, event: Event) => Edge[];

/**
 * The edges of events, told one after another. What is wrong for all interconnects of a credential is one line when it begins and
 * one when it is over, and the first round is one line for all that are as expected: 500 circuits must not make 500 lines.
 * `credentialOf`: the same text for accounts that share a credential.
 */
export function createEdges(credentialOf: (account: string) => string): EdgesBetween {
  const faults = createKnownFaults(credentialOf);
  let isFirstRound = true;
  /** What the classes of reasons match by and has been said to be out of use. */
  const out = new WeakSet<object>();

  return (before, after, event) => {
    switch (event.type) {
      case "remembered":
        return [];
      case "clock-set":
      case "stood-still":
        return [clockEdge(event)];
      case "planned":
        faults.keepOnly(after.positions);
        return [];
      case "time-passed":
        return after.entries.all.flatMap((entry, index) => stateEdges(at(before.entries.all, index), entry));
      case "poll-succeeded":
      case "poll-failed":
        return [
          ...pollEdges(entryOf(before, event.key), entryOf(after, event.key), event),
          ...roundEdges(after),
          ...patternEdges(after),
        ];
      default:
        return assertNever(event);
    }
  };

  function pollEdges(
    before: Entry | undefined,
    after: Entry | undefined,
    event: PollSucceeded | PollFailed,
  ): Edge[] {
    if (before === undefined || after === undefined) return [];
    if (event.type === "poll-failed") return [failureEdge(after.target, event), ...stateEdges(before, after)];
    return [
      ...stateEdges(before, after),
      ...recoveryEdges(faults.end(after.target), after, event),
      ...wordEdges(before, after, event),
    ];
  }

  function failureEdge(
    target: Target,
    { at: { monoMs }, failure: { kind, message: error, cfRay: cf_ray } }: PollFailed,
  ): Edge {
    const level = faults.begin(target, kind, monoMs) ? "warn" : "debug";
    return { level, message: "Poll failed", fields: { ...who(target), kind, error, cf_ray } };
  }

  function stateEdges(before: Entry, after: Entry): Edge[] {
    if (before === after) return [];
    // The first answer after a restart is no change when the state file knows that it was so before.
    const from = stateBefore(before, after);
    const { target, state: to, reason } = after;
    if (from === to) return [];
    const fields = { ...who(target), from, to, reason: reason.text, reason_class: reason.class };
    return [{ level: levelOf(before, after), message: "Interconnect changed state", fields }];
  }

  /** One line each only where the circuit has something to say: not where it is as it was, or is as good as it should be. */
  function levelOf(before: Entry, after: Entry): Edge["level"] {
    if (after.state === "Unknown") {
      return faults.tellsOfLoss(after.target, after.failure?.kind) ? "info" : "debug";
    }
    if (before.lastSuccess === undefined && verdictOf(after) === "OK") return "debug";
    if (before.state === "Unknown" && before.lastKnown === after.state) return "debug";
    return after.state === "Down" || after.state === "Unhealthy" ? "warn" : "info";
  }

  function patternEdges({ plan: { reasons } }: ExporterState): Edge[] {
    return reasons.classes.flatMap(({ name, match }, index) => {
      if (match.isOut !== true || out.has(match)) return [];
      out.add(match);
      const fields = { pattern: `reasons.classes[${index}].match`, class: name };
      return [
        {
          level: "warn",
          message: "A pattern takes too long and is out of use: rewrite it, then reload",
          fields,
        },
      ];
    });
  }

  function roundEdges(after: ExporterState): Edge[] {
    if (!isFirstRound || after.entries.length === 0 || !firstRoundDone(after)) return [];
    isFirstRound = false;
    const failed = after.entries.all.filter(({ failure }) => failure !== undefined).length;
    const fields = { interconnects: after.entries.length, ...countStates(after.entries.all), failed };
    return [{ level: "info", message: "First round of polls finished", fields }];
  }
}

/** One line for all that is over, of whatever causes. */
function recoveryEdges(
  over: readonly Fault[],
  { target }: Entry,
  { at, cfRay: cf_ray }: PollSucceeded,
): Edge[] {
  if (over.length === 0) return [];
  const met = new Set(over.flatMap((fault) => [...fault.met]));
  const sinceMonoMs = Math.min(...over.map((fault) => fault.sinceMonoMs));
  const fields = {
    ...who(target),
    after: over.map(({ kind }) => kind).join(", "),
    seconds: Math.round((at.monoMs - sinceMonoMs) / 1000),
    interconnects: met.size,
    cf_ray,
  };
  return [{ level: "info", message: "Poll succeeded again", fields }];
}

function clockEdge({ type, byMs }: ClockStep): Edge {
  const fields = { seconds: byMs / 1000 };
  return type === "clock-set"
    ? { level: "info", message: "The wall clock was set: times of before move along", fields }
    : {
        level: "warn",
        message: "The machine stood still or its clock was set ahead: every interconnect is polled again",
        fields,
      };
}

function who({ account, interconnect }: Target) {
  return { account, interconnect };
}

function wordEdges(before: Entry, { target, reason }: Entry, { word, cfRay: cf_ray }: PollSucceeded): Edge[] {
  if (isLinkState(word) || before.reason.text === reason.text) return [];
  const fields = { ...who(target), reason: reason.text, cf_ray };
  return [{ level: "warn", message: "API answered an unknown state", fields }];
}
