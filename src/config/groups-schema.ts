import { z } from "zod";
import { nearest } from "../document/nearest.ts";
import { judgement, type Report } from "../document/rule.ts";
import { listOf, nameOf, valueOf } from "./as-written.ts";
import type { GroupConfig } from "./config.ts";
import { isOwnName, list, ownName } from "./fields.ts";
import { repeatedNames } from "./unique.ts";

const MEMBER_ERROR = "expected an interconnect as account/interconnect, such as production/icon-ewr-01";
const MEMBER = /^(?<account>[A-Za-z0-9][A-Za-z0-9._-]*)\/(?<interconnect>.+)$/s;
const NONE_ERROR = "expected a list of at least one interconnect";
const LEAST_ERROR = "expected a whole number of at least 1";

const keys = z
  .strictObject({
    name: ownName().describe("Your name for the group: the `group` label of its series."),
    members: z
      .array(z.string({ error: MEMBER_ERROR }).regex(MEMBER, { error: MEMBER_ERROR }), { error: NONE_ERROR })
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
    judgement((group, report) => {
      const count = listOf(valueOf(group, "members"))?.length ?? 0;
      const least = valueOf(group, "min_healthy");
      if (count > 0 && typeof least === "number" && Number.isInteger(least) && least > count)
        report(["min_healthy"], `expected at most ${count}, the number of members`);
    }),
  );

const groupSchema = z.codec(keys, z.custom<GroupConfig>(), {
  decode: ({ name, members, min_healthy }): GroupConfig => ({ name, members, minHealthy: min_healthy }),
  encode: ({ name, members, minHealthy }) => ({ name, members: [...members], min_healthy: minHealthy }),
});

export const groupsSchema = list(z.array(groupSchema, { error: "expected a list of groups" })).describe(
  "Groups of interconnects that stand in for one another.",
);

/** Every member must be an interconnect that is polled, or that discovery may find. Judges what is whole, whatever else is broken. */
export function checkMembersExist(config: unknown, report: Report): void {
  const accounts = (listOf(valueOf(config, "accounts")) ?? []).map(knownOf);
  for (const [index, group] of (listOf(valueOf(config, "groups")) ?? []).entries()) {
    for (const [position, member] of membersOf(group).entries()) {
      const message = memberFault(member, accounts);
      if (message !== undefined) report(["groups", index, "members", position], message);
    }
  }
}

/** What is known of an account. */
interface Known {
  /** Undefined when it is broken: it may be any. */
  readonly name: string | undefined;
  /** All its interconnects; undefined when there may be others. */
  readonly interconnects: ReadonlySet<string> | undefined;
}

function knownOf(account: unknown): Known {
  const name = nameOf(account);
  const discovery = valueOf(account, "discovery");
  const enabled = valueOf(discovery, "enabled");
  const names = listOf(valueOf(account, "interconnects"))?.map(nameOf) ?? [];
  const isOff =
    enabled === false || (enabled === undefined && names.length > 0 && typeof discovery === "object");
  const known = names.filter((each) => each !== undefined);
  return {
    name: name !== undefined && isOwnName(name) ? name : undefined,
    interconnects: isOff && known.length === names.length ? new Set(known) : undefined,
  };
}

function memberFault(member: unknown, accounts: readonly Known[]): string | undefined {
  const { account: name, interconnect } = MEMBER.exec(String(member))?.groups ?? {};
  if (name === undefined || interconnect === undefined) return undefined;
  const account = accounts.find((each) => each.name === name);
  if (account === undefined) {
    const names = accounts.flatMap((each) => each.name ?? []);
    if (names.length === 0 || names.length < accounts.length) return undefined;
    const hint = didYouMean(name, names, (each) => `${each}/${interconnect}`);
    return `expected the name of an account of this config before the slash${hint}`;
  }
  const { interconnects } = account;
  if (interconnects === undefined || interconnects.has(interconnect)) return undefined;
  if (/[*?]/.test(interconnect))
    return `expected an interconnect that ${name} lists; members are no patterns`;
  const hint = didYouMean(interconnect, [...interconnects], (each) => `${name}/${each}`);
  return `expected an interconnect that ${name} lists, since its discovery is off${hint}`;
}

/** The nearest name as advice. Names of circuits differ in their numbers, so that another number is no slip of the pen. */
function didYouMean(word: string, names: readonly string[], write: (name: string) => string): string {
  const alike = names.filter((name) => numbersOf(name) === numbersOf(word));
  const meant = nearest(word, alike);
  return meant === undefined ? "" : `; did you mean ${JSON.stringify(write(meant))}?`;
}

function numbersOf(name: string): string {
  return (name.match(/\d+/g) ?? []).map(Number).join();
}

/** Every group's name once, and every interconnect in at most one group, and there once; each further mention is a problem. */
export function checkMembersOnce(config: unknown, report: Report): void {
  const groups = listOf(valueOf(config, "groups")) ?? [];
  for (const [index, message] of repeatedNames("groups", groups)) report(["groups", index], message);

  const first = new Map<string, string>();
  for (const [index, group] of groups.entries()) {
    for (const [position, member] of membersOf(group).entries()) {
      if (typeof member !== "string") continue;
      const earlier = first.get(member);
      if (earlier === undefined) first.set(member, `groups[${index}].members[${position}]`);
      else report(["groups", index, "members", position], `same interconnect as ${earlier}`);
    }
  }
}

function membersOf(group: unknown): readonly unknown[] {
  return listOf(valueOf(group, "members")) ?? [];
}
