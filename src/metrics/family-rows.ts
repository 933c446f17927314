import { at } from "../base/at.ts";
import type { Entry } from "../domain/entry.ts";
import { ByteEdit } from "./byte-edit.ts";
import { createLabelBytes, entryRows, type Identity, replaceValues } from "./entry-rows.ts";
import type { Labels, Sample } from "./family.ts";
import type { EntryFamily } from "./interconnect-families.ts";
import type { Pace } from "./pace.ts";
import { createPart, type OwnedPart } from "./part.ts";

/** The rows of one family for all entries. */
export interface FamilyRows {
  readonly part: OwnedPart;
  /** What was replaced by the part; its memory serves for the next one, so that two do for ever. */
  readonly replaced: OwnedPart | undefined;
  /** Where in the part each entry's rows begin, and at the end its length. */
  readonly starts: Uint32Array;
}

/** Entries with the identity of each. */
export interface Roster {
  readonly entries: readonly Entry[];
  readonly identities: readonly Identity[];
}

/** The rows before, and the entries that they are of: the same targets in the same order. */
export interface Before {
  readonly rows: FamilyRows;
  readonly entries: readonly Entry[];
}

/** Copying an entry's rows takes this share of the time that rendering them takes. */
const COPYING = 0.05;
const NOTHING = Buffer.alloc(0);

/** The rows of a family, rendered from nothing. */
export async function renderFamily(
  family: EntryFamily,
  { entries, identities }: Roster,
  pace: Pace,
): Promise<FamilyRows> {
  const textOf = (entry: Entry, index: number): string =>
    entryRows(family.name, at(identities, index), family.samples(entry));
  const sampleLength = entries[0] === undefined ? 0 : textOf(entries[0], 0).length;
  const edit = new ByteEdit(NOTHING, Buffer.allocUnsafeSlow(Math.ceil(sampleLength * entries.length * 1.1)));
  const starts = new Uint32Array(entries.length + 1);
  for (const [index, entry] of entries.entries()) {
    starts[index] = edit.shift;
    edit.replace(0, 0, textOf(entry, index));
    if (pace.isDue(1)) await pace.giveWay();
  }
  starts[entries.length] = edit.shift;
  const { bytes, memory } = edit.finish();
  return { part: createPart(bytes, memory), replaced: undefined, starts };
}

/**
 * The rows of a family after some entries changed (`changed`: their positions, ascending). Where the labels stayed,
 * only values are written; all else is copied. When no sample changed, the rows before are returned, and with them
 * their compressed bytes.
 */
export async function updateFamily(
  family: EntryFamily,
  before: Before,
  { entries, identities }: Roster,
  changed: readonly number[],
  pace: Pace,
): Promise<FamilyRows> {
  const { name, samples, from } = family;
  const { part, replaced, starts: startsBefore } = before.rows;
  using borrowed = part.borrow();
  const labelBytes = createLabelBytes();
  let edit: ByteEdit | undefined;
  const starts = startsBefore.slice();
  let placed = 0;
  /** The start of each entry up to and with `index`. */
  function placeUntil(index: number): void {
    const shift = edit?.shift ?? 0;
    if (shift !== 0) for (; placed <= index; placed += 1) starts[placed] = at(startsBefore, placed) + shift;
    placed = index + 1;
  }

  for (const index of changed) {
    const old = at(before.entries, index);
    const entry = at(entries, index);
    if (from !== undefined && Object.is(from(old), from(entry))) continue;
    if (pace.isDue(1)) await pace.giveWay();
    const was = samples(old);
    const is = samples(entry);
    const difference = differenceOf(was, is);
    if (difference === "none") continue;
    placeUntil(index);
    edit ??= new ByteEdit(borrowed.bytes, replaced?.reclaim() ?? roomFor(part.length));
    const start = at(startsBefore, index);
    const identity = at(identities, index);
    if (difference === "values") replaceValues(edit, { name, identity, start }, was, is, labelBytes);
    else edit.replace(start, at(startsBefore, index + 1), entryRows(name, identity, is));
  }
  if (edit === undefined) return before.rows;
  placeUntil(entries.length);
  const { bytes, memory } = edit.finish();
  if (pace.isDue(entries.length * COPYING)) await pace.giveWay();
  return { part: createPart(bytes, memory), replaced: part, starts };
}

/** Memory for a body that is about as long as the one before. */
function roomFor(length: number): Buffer {
  return Buffer.allocUnsafeSlow(Math.ceil(length * 1.02) + 1024);
}

/** Whether samples differ not at all, in their values alone, or in their labels or number too. */
function differenceOf(was: readonly Sample[], is: readonly Sample[]): "none" | "values" | "rows" {
  if (was.length !== is.length) return "rows";
  let difference: "none" | "values" = "none";
  for (let index = 0; index < is.length; index += 1) {
    const old = at(was, index);
    const now = at(is, index);
    if (!sameLabels(old.labels, now.labels)) return "rows";
    if (!Object.is(old.value, now.value)) difference = "values";
  }
  return difference;
}

function sameLabels(a: Labels, b: Labels): boolean {
  // Of closed sets they are the same objects.
  if (a === b) return true;
  const isSame = ([name, value]: Labels[number], index: number): boolean =>
    name === at(b, index)[0] && value === at(b, index)[1];
  return a.length === b.length && a.every(isSame);
}
