import type { Entry } from "../../domain/entry.ts";
import { groupHealth, groupsByMember } from "../../domain/group.ts";
import type { State } from "../../domain/link-state.ts";
import type { Group, Plan } from "../../domain/plan.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { STATES_WORST_FIRST, verdictOf } from "../../domain/verdict.ts";
import { createMatch, isFiltered, siteOf, type WallFilter } from "./filter.ts";

/** What the wall has to say of the circuits that a filter lets through, in the order in which it says it. */
export interface Survey {
  /** Of all circuits, whatever the filter. */
  readonly all: number;
  readonly shown: number;
  /** Those of each state that are not as expected, worst first; only states that have some. */
  readonly unexpected: readonly { readonly state: State; readonly count: number }[];
  /** Worst first, in each state those that changed last first. */
  readonly attention: readonly Entry[];
  /** As expected, by site. */
  readonly sites: readonly Site[];
  readonly groups: readonly GroupStanding[];
  /** Age of the oldest answer in milliseconds; undefined when there is none. */
  readonly oldestMs: number | undefined;
  /** Circuits without any answer so far. */
  readonly unanswered: number;
  /** Whether all that are as expected are Healthy: some may be expected otherwise. */
  readonly quietIsHealthy: boolean;
  /** What there is to choose from, in all circuits. */
  readonly choices: Choices;
  /** The group of each member, by key of the target. */
  readonly groupOf: ReadonlyMap<string, string>;
}

export interface Site {
  /** `""` where it is not known. */
  readonly name: string;
  readonly entries: readonly Entry[];
  readonly oldestMs: number | undefined;
}

/** `bad`: below its minimum; `uncertain`: perhaps, since too little is known; `thin`: one more and it is below. */
export type Standing = "bad" | "uncertain" | "thin" | "good";

export interface GroupStanding {
  readonly group: Group;
  readonly healthy: number;
  readonly unknown: number;
  readonly standing: Standing;
}

export interface Choices {
  readonly account: readonly string[];
  readonly site: readonly string[];
  readonly group: readonly string[];
  readonly state: readonly string[];
}

/** A pure function of what is known, the moment and the filter: one pass over all circuits. */
export function surveyOf({ state, now }: Snapshot, filter: WallFilter): Survey {
  const { groupOf, choices } = choicesOf(state.plan);
  const matches = createMatch(filter, groupOf);
  const attention = new Map<State, Entry[]>();
  const quiet = new Map<string, Entry[]>();
  let [shown, unanswered, quietIsHealthy] = [0, 0, true];
  let oldestMs: number | undefined;
  const isWhole = !isFiltered(filter);
  const seenGroups = new Set<string>();
  for (const entry of state.entries.all) {
    const { target, lastSuccess } = entry;
    if (!matches(entry)) continue;
    shown += 1;
    if (!isWhole) seenGroups.add(groupOf.get(target.key) ?? "");
    if (lastSuccess === undefined) unanswered += 1;
    else oldestMs = Math.max(oldestMs ?? 0, now.monoMs - lastSuccess.monoMs);
    if (verdictOf(entry) === "OK") {
      quietIsHealthy &&= entry.state === "Healthy";
      put(quiet, siteOf(target.info), entry);
    } else {
      put(attention, entry.state, entry);
    }
  }
  return {
    all: state.entries.length,
    shown,
    unexpected: STATES_WORST_FIRST.flatMap((each) => {
      const count = attention.get(each)?.length;
      return count === undefined ? [] : [{ state: each, count }];
    }),
    attention: STATES_WORST_FIRST.flatMap((each) => attention.get(each)?.toSorted(lastFirst) ?? []),
    sites: [...quiet]
      .toSorted(([a], [b]) => bySiteName(a, b))
      .map(([name, entries]) => ({ name, entries, oldestMs: oldestOf(entries, now.monoMs) })),
    groups: standingsOf(
      state.plan.groups.filter(({ name }) => isWhole || seenGroups.has(name)),
      state,
    ),
    oldestMs,
    unanswered,
    quietIsHealthy,
    choices,
    groupOf,
  };
}

interface PlanView {
  readonly choices: Choices;
  readonly groupOf: ReadonlyMap<string, string>;
}

const viewByPlan = new WeakMap<Plan, PlanView>();

/** What follows from the plan alone, which stays the same from poll to poll: made once. */
function choicesOf(plan: Plan): PlanView {
  const known = viewByPlan.get(plan);
  if (known !== undefined) return known;
  const sites = new Set(plan.targets.map(({ info }) => siteOf(info)));
  const view: PlanView = {
    choices: {
      account: [...new Set(plan.targets.map(({ account }) => account))],
      site: [...sites].filter((name) => name !== "").toSorted(bySiteName),
      group: plan.groups.map(({ name }) => name),
      state: STATES_WORST_FIRST,
    },
    groupOf: groupsByMember(plan.groups),
  };
  viewByPlan.set(plan, view);
  return view;
}

const STANDINGS: readonly Standing[] = ["bad", "uncertain", "thin", "good"];

/** Worst first. */
function standingsOf(groups: readonly Group[], state: Snapshot["state"]): readonly GroupStanding[] {
  const byStanding = Map.groupBy(
    groups.map((group) => standingOf(group, state)),
    ({ standing }) => standing,
  );
  return STANDINGS.flatMap((standing) => byStanding.get(standing) ?? []);
}

/** How a group stands. */
export function standingOf(group: Group, state: Snapshot["state"]): GroupStanding {
  const { healthy, unknown } = groupHealth(group, state);
  const spare = healthy - group.minHealthy;
  if (spare < 0) {
    const standing = healthy + unknown >= group.minHealthy ? "uncertain" : "bad";
    return { group, healthy, unknown, standing };
  }
  const standing = spare === 0 && healthy < group.members.length ? "thin" : "good";
  return { group, healthy, unknown, standing };
}

/** Put by state before, since comparing states takes longer than all else when thousands are not as expected. */
function lastFirst(a: Entry, b: Entry): number {
  return b.since.monoMs - a.since.monoMs;
}

function put<K>(lists: Map<K, Entry[]>, key: K, entry: Entry): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [entry]);
  else list.push(entry);
}

/** Those without a name last; not by locale, whose comparison takes a hundred times as long. */
function bySiteName(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? 1 : -1;
  return a < b ? -1 : 1;
}

function oldestOf(entries: readonly Entry[], nowMs: number): number | undefined {
  const ages = entries.flatMap(({ lastSuccess }) =>
    lastSuccess === undefined ? [] : [nowMs - lastSuccess.monoMs],
  );
  return ages.length === 0 ? undefined : ages.reduce((most, age) => Math.max(most, age));
}

/** The worst that there is, which the icon of the browser's tab shows; `Unknown` of nothing. */
export function worstOf({ unexpected, shown }: Survey): State {
  return unexpected[0]?.state ?? (shown === 0 ? "Unknown" : "Healthy");
}
