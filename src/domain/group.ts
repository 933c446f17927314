import type { Group } from "./plan.ts";
import { entryOf, type ExporterState } from "./state.ts";

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

/** The group of which an interconnect is a member, by the key of its target. */
export function groupWith(groups: readonly Group[], key: string): Group | undefined {
  return groups.find(({ members }) => members.includes(key));
}

/** The group of each member, by the key of a target; an interconnect is in at most one. */
export function groupsByMember(groups: readonly Group[]): ReadonlyMap<string, string> {
  return new Map(groups.flatMap(({ name, members }) => members.map((key) => [key, name] as const)));
}
