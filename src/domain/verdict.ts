import type { State } from "./link-state.ts";
import type { Entry } from "./entry.ts";

/** Exit codes of monitoring plugins. */
export const EXIT_CODES = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;
export type Verdict = keyof typeof EXIT_CODES;

/** The order in which the worse one wins. */
const WORST_FIRST: readonly Verdict[] = ["CRITICAL", "WARNING", "UNKNOWN", "OK"];

/** What one interconnect's state means to whoever expects another. */
export function verdictOf({
  state,
  target,
}: {
  readonly state: State;
  readonly target: Pick<Entry["target"], "expectedState">;
}): Verdict {
  if (state === "Unknown") return "UNKNOWN";
  if (state === target.expectedState) return "OK";
  return state === "Down" || state === "Unhealthy" ? "CRITICAL" : "WARNING";
}

/** The worst of several; `UNKNOWN` of none, since nothing is known then. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((each) => verdicts.includes(each)) ?? "UNKNOWN";
}

/** How many are in each state. */
export function countStates(entries: readonly Pick<Entry, "state">[]): Readonly<Record<State, number>> {
  const counts = { Healthy: 0, Unhealthy: 0, Down: 0, Pending: 0, Unknown: 0 };
  for (const { state } of entries) counts[state] += 1;
  return counts;
}

/** As people want to read them. */
export const STATES_WORST_FIRST: readonly State[] = ["Down", "Unhealthy", "Unknown", "Pending", "Healthy"];
