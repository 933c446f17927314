import { z } from "zod";
import { repeatedNames } from "./unique.ts";

/**
 * Every group's name once, and every interconnect in at most one group, and there once; each further mention is a
 * problem. A check of the whole config, to be the last one there, since its problems keep others from running. It
 * runs even if some groups are wrong in themselves: those are still as written.
 */
export function uniqueGroups() {
  return z.superRefine<{ readonly groups: unknown }>(
    ({ groups }, context) => {
      const items = listOf(groups);
      for (const [index, message] of repeatedNames("groups", items))
        context.addIssue({ code: "custom", path: ["groups", index], message });

      const first = new Map<string, string>();
      for (const [index, group] of items.entries()) {
        for (const [position, member] of membersOf(group).entries()) {
          if (typeof member !== "string") continue;
          const path = ["groups", index, "members", position];
          const earlier = first.get(member);
          if (earlier === undefined) first.set(member, `groups[${index}].members[${position}]`);
          else context.addIssue({ code: "custom", path, message: `same interconnect as ${earlier}` });
        }
      }
    },
    { when: ({ value }) => typeof value === "object" && value !== null },
  );
}

function membersOf(group: unknown): readonly unknown[] {
  return typeof group === "object" && group !== null && "members" in group ? listOf(group.members) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
