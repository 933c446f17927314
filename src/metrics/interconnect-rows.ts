import { at } from "../base/at.ts";
import { latestBuild } from "../base/latest-build.ts";
import type { NextTurn } from "../base/next-turn.ts";
import type { Entry } from "../domain/entry.ts";
import type { ExporterState } from "../domain/state.ts";
import { type Identity, identityOf } from "./entry-rows.ts";
import { type FamilyRows, renderFamily, updateFamily } from "./family-rows.ts";
import { type EntryFamily, interconnectFamilies, labelKeysOf } from "./interconnect-families.ts";
import { createPace, type Pace } from "./pace.ts";

/** The rows of all interconnect families, of one state. */
export interface InterconnectBody {
  readonly state: ExporterState;
  readonly families: readonly EntryFamily[];
  /** In the order of `families`. */
  readonly rows: readonly FamilyRows[];
}

/** The rows of the newest state. Overlapping calls share the work; with nothing changed there is none. */
export type InterconnectRows = () => Promise<InterconnectBody>;

/** What is kept between two builds; it takes about as many bytes as the body itself. */
interface Build extends InterconnectBody {
  readonly identities: readonly Identity[];
}

/**
 * Rows are rendered once per changed entry, told by its identity, and the rest is copied from the body before.
 * `nextTurn`: called about once per millisecond of work, so that a large body never holds up anything else.
 */
export function createInterconnectRows(read: () => ExporterState, nextTurn: NextTurn): InterconnectRows {
  let before: Build | undefined;
  return latestBuild(read, async (state) => {
    const pace = createPace(nextTurn);
    before =
      before?.state.plan === state.plan ? await update(before, state, pace) : await render(state, pace);
    return before;
  });
}

async function render(state: ExporterState, pace: Pace): Promise<Build> {
  const { plan, entries } = state;
  const families = interconnectFamilies(labelKeysOf(plan.targets));
  const identities = entries.map(identityOf);
  const rows: FamilyRows[] = [];
  for (const family of families) {
    rows.push(await renderFamily(family, { entries, identities }, pace));
  }
  return { state, families, identities, rows };
}

async function update(before: Build, state: ExporterState, pace: Pace): Promise<Build> {
  const { entries } = state;
  const changed = positionsOfChange(before.state.entries, entries);
  const rows: FamilyRows[] = [];
  for (const [index, family] of before.families.entries()) {
    const known = { rows: at(before.rows, index), entries: before.state.entries };
    rows.push(await updateFamily(family, known, { identities: before.identities, entries }, changed, pace));
  }
  return { ...before, state, rows };
}

function positionsOfChange(before: readonly Entry[], after: readonly Entry[]): number[] {
  const positions: number[] = [];
  for (let index = 0; index < after.length; index += 1) {
    if (before[index] !== after[index]) positions.push(index);
  }
  return positions;
}
