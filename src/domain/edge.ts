import { assertNever } from "../base/assert-never.ts";
import { type Entry, stateBefore } from "./entry.ts";
import { isLinkState } from "./link-state.ts";
import { entryOf, type Event, type ExporterState } from "./state.ts";

/** Something worth a line in the log: an edge, never a level. */
export interface Edge {
  readonly level: "debug" | "info" | "warn";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What changed for the people who read the log, between the states before and after one event. */
export function edgesBetween(before: ExporterState, after: ExporterState, event: Event): Edge[] {
  switch (event.type) {
    case "remembered":
    case "planned":
      return [];
    case "time-passed":
      return after.entries.flatMap((entry, index) => edgesOf(before.entries[index], entry, event));
    case "poll-succeeded":
    case "poll-failed":
      return edgesOf(entryOf(before, event.key), entryOf(after, event.key), event);
    default:
      return assertNever(event);
  }
}

function edgesOf(before: Entry | undefined, after: Entry | undefined, event: Event): Edge[] {
  if (before === undefined || after === undefined || before === after) return [];
  const { account, interconnect } = after.target;
  return [...stateEdges(before, after), ...pollEdges(before, after, event)].map(
    ({ level, message, fields }) => ({
      level,
      message,
      fields: { account, interconnect, ...fields },
    }),
  );
}

function stateEdges(before: Entry, after: Entry): Edge[] {
  // The first answer after a restart is no change when the state file knows that it was so before.
  const from = stateBefore(before, after);
  if (from === after.state) return [];
  return [
    {
      level: after.state === "Down" || after.state === "Unhealthy" ? "warn" : "info",
      message: "Interconnect changed state",
      fields: {
        from,
        to: after.state,
        reason: after.reason.text,
        reason_class: after.reason.class,
      },
    },
  ];
}

function pollEdges(before: Entry, after: Entry, event: Event): Edge[] {
  if (event.type === "poll-failed") {
    const repeats = before.failure?.kind === event.failure.kind;
    const { kind, message, cfRay } = event.failure;
    return [
      {
        level: repeats ? "debug" : "warn",
        message: "Poll failed",
        fields: { kind, error: message, cf_ray: cfRay },
      },
    ];
  }
  if (event.type !== "poll-succeeded") return [];
  const edges: Edge[] = [];
  if (before.failure !== undefined) {
    edges.push({
      level: "info",
      message: "Poll succeeded again",
      fields: { after: before.failure.kind, cf_ray: event.cfRay },
    });
  }
  if (!isLinkState(event.word) && before.reason.text !== after.reason.text) {
    edges.push({
      level: "warn",
      message: "API answered an unknown state",
      fields: { reason: after.reason.text, cf_ray: event.cfRay },
    });
  }
  return edges;
}
