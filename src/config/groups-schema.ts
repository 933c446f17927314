import { z } from "zod";
import { type Report, rule } from "../document/rule.ts";
import type { AccountConfig, GroupConfig } from "./config.ts";
import { list, ownName } from "./fields.ts";
import { repeatedNames } from "./unique.ts";

const MEMBER_ERROR = "expected an interconnect as account/interconnect, such as production/icon-ewr-01";
const NONE_ERROR = "expected a list of at least one interconnect";
const LEAST_ERROR = "expected a whole number of at least 1";

const keys = z
  .strictObject({
    name: ownName().describe("Your name for the group: the `group` label of its series."),
    members: z
      .array(
        z.string({ error: MEMBER_ERROR }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\/.+$/s, { error: MEMBER_ERROR }),
        { error: NONE_ERROR },
      )
      .min(1, { error: NONE_ERROR })
      .describe(
        "Its interconnects, each as `account/interconnect`; an interconnect is in at most one group.",
      ),
    min_healthy: z
      .int({ error: LEAST_ERROR })
      .min(1, { error: LEAST_ERROR })
      .default(1)
      .describe("As many members must be Healthy for the group to be in order."),
  })
  .check(
    rule(["members", "min_healthy"], ({ members, min_healthy: least }, report) => {
      if (least > members.length)
        report(["min_healthy"], `expected at most ${members.length}, the number of members`);
    }),
  );

const groupSchema = z.codec(keys, z.custom<GroupConfig>(), {
  decode: ({ name, members, min_healthy }): GroupConfig => ({ name, members, minHealthy: min_healthy }),
  encode: ({ name, members, minHealthy }) => ({ name, members: [...members], min_healthy: minHealthy }),
});

export const groupsSchema = list(z.array(groupSchema, { error: "expected a list of groups" })).describe(
  "Groups of interconnects that stand in for one another.",
);

interface Grouped {
  readonly accounts: readonly AccountConfig[];
  readonly groups: readonly GroupConfig[];
}

/** Every member must be an interconnect that is polled, or that discovery may find. */
export function checkMembersExist({ accounts, groups }: Grouped, report: Report): void {
  for (const [index, { members }] of groups.entries()) {
    for (const [position, member] of members.entries()) {
      const message = memberFault(member, accounts);
      if (message !== undefined) report(["groups", index, "members", position], message);
    }
  }
}

function memberFault(member: string, accounts: readonly AccountConfig[]): string | undefined {
  const slash = member.indexOf("/");
  const account = accounts.find(({ name }) => name === member.slice(0, slash));
  if (account === undefined) return "expected the name of an account of this config before the slash";
  const { name, interconnects, discovery } = account;
  if (discovery.enabled || interconnects.some((each) => each.name === member.slice(slash + 1)))
    return undefined;
  return `expected an interconnect that ${name} lists, since its discovery is off`;
}

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
