import type { Group } from "./plan.ts";
import { entryOf } from "./state.ts";
import type { ExporterState } from "./state.ts";

/** How many members of a group are certainly healthy, and of how many nothing is known. */
export interface GroupHealth {
  readonly healthy: number;
  readonly unknown: number;
}

export function groupHealth(group: Group, state: ExporterState): GroupHealth {
  const states = group.members.map((key) => entryOf(state, key)?.state ?? "Unknown");
  return {
    healthy: states.filter((each) => each === "Healthy").length,
    unknown: states.filter((each) => each === "Unknown").length,
  };
}
