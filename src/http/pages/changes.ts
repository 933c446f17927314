import type { Entry } from "../../domain/entry.ts";
import { groupsByMember } from "../../domain/group.ts";
import type { State } from "../../domain/link-state.ts";
import { bannerOf, type Picture } from "./banner.ts";
import { siteOf } from "./filter.ts";
import { type RowContext, rowId, rowOf } from "./row.ts";

/** A circuit that is to be shown elsewhere than before, and what a filter asks of it. */
interface Moved {
  readonly id: string;
  readonly account: string;
  readonly site: string;
  /** `""` for none. */
  readonly group: string;
  /** Before and after. */
  readonly states: readonly [State, State];
}

/** What open pages are told: the same for all of them, whatever they show. */
export interface Changes {
  /** More changed than is worth telling: every page is to be asked for again. */
  readonly all: boolean;
  readonly moved: readonly Moved[];
  /** Rows as HTML that are otherwise, but where they were. */
  readonly rows: readonly string[];
  /** By id, how old the last good answer is; of each circuit that was polled. */
  readonly ages: readonly (readonly [id: string, ageMs: number | null])[];
  /** Of all circuits; null when there is no answer. */
  readonly oldestMs: number | null;
  /** HTML of the banner; `""` for none. */
  readonly banner: string;
}

/** Beyond so many circuits to be drawn anew a page costs less than they. */
const MOST_DRAWN = 50;
const MOST_AGES = 1000;

/** What changed between two moments; undefined when that is nothing. */
export function changesBetween(before: Picture, after: Picture, context: RowContext): Changes | undefined {
  const { state, now } = after.snapshot;
  const banner = bannerOf(after)?.toString() ?? "";
  const isNewPlan = state.plan !== before.snapshot.state.plan;
  const pairs = pairsOf(before.snapshot.state.entries.all, state.entries.all);
  const isNewBanner = banner !== (bannerOf(before)?.toString() ?? "");
  if (!isNewPlan && pairs.length === 0 && !isNewBanner) return undefined;
  const moved = pairs.filter(([old, entry]) => isElsewhere(old, entry));
  const drawn = pairs.filter(([old, entry]) => !isElsewhere(old, entry) && isOtherwise(old, entry));
  const all = isNewPlan || moved.length + drawn.length > MOST_DRAWN || pairs.length > MOST_AGES;
  const common = { oldestMs: oldestMsOf(state.entries.all, now.monoMs), banner };
  if (all) return { all, moved: [], rows: [], ages: [], ...common };
  const groupOf = moved.length === 0 ? new Map<string, string>() : groupsByMember(state.plan.groups);
  return {
    all,
    moved: moved.map(([old, entry]) => ({
      id: rowId(entry.target),
      account: entry.target.account,
      site: siteOf(entry.target.info),
      group: groupOf.get(entry.target.key) ?? "",
      states: [old.state, entry.state],
    })),
    rows: drawn.map(([, entry]) => rowOf(entry, context).toString()),
    ages: pairs.map(([, { target, lastSuccess }]) => [
      rowId(target),
      lastSuccess === undefined ? null : now.monoMs - lastSuccess.monoMs,
    ]),
    ...common,
  };
}

type Pair = readonly [before: Entry, after: Entry];

/** An unchanged entry is the same object, and at the same place as long as the plan is. */
function pairsOf(before: readonly Entry[], after: readonly Entry[]): readonly Pair[] {
  return after.flatMap((entry, index): Pair[] => {
    const old = before[index];
    return old === undefined || old === entry ? [] : [[old, entry]];
  });
}

/** Whether the wall shows it at another place, counts it otherwise, or since another time. */
function isElsewhere(old: Entry, entry: Entry): boolean {
  return old.state !== entry.state || old.since !== entry.since;
}

function isOtherwise(old: Entry, entry: Entry): boolean {
  return (
    old.reason.text !== entry.reason.text ||
    old.reason.class !== entry.reason.class ||
    old.failure?.kind !== entry.failure?.kind ||
    old.lastKnown !== entry.lastKnown ||
    (old.lastSuccess === undefined) !== (entry.lastSuccess === undefined)
  );
}

function oldestMsOf(entries: readonly Entry[], nowMs: number): number | null {
  let oldest: number | null = null;
  for (const { lastSuccess } of entries) {
    if (lastSuccess !== undefined) oldest = Math.max(oldest ?? 0, nowMs - lastSuccess.monoMs);
  }
  return oldest;
}
