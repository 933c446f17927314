import { at } from "../base/at.ts";
import { latestBuild } from "./latest-build.ts";
import type { NextTurn } from "../base/next-turn.ts";
import type { Entry } from "../domain/entry.ts";
import { EMPTY_STATE, type ExporterState } from "../domain/state.ts";
import { type EntryFamily, entryRows, interconnectFamilies, labelKeysOf } from "./interconnect-families.ts";

/*
 * How it works: of each family the rows of all interconnects are kept as one Buffer, with where in it those of each
 * entry begin. For a newer state a new Buffer is written from front to back: the rows of an entry that is the same
 * object as before, or of which the family reads nothing that changed, are copied, neighbours in one stretch; those of
 * any other are rendered. A family in which nothing is rendered and nothing moves keeps its Buffer. A Buffer is never
 * written to once it is finished, so that a client who reads it slowly reads what it was.
 */

/** The rows of all interconnect families, of one state. */
export interface InterconnectBody {
  readonly state: ExporterState;
  readonly families: readonly EntryFamily[];
  /** In the order of `families`. */
  readonly rows: readonly FamilyRows[];
}

/** The rows of one family for all entries. */
interface FamilyRows {
  readonly bytes: Buffer;
  /** Where each entry's rows begin, and at the end the length. */
  readonly starts: Uint32Array;
}

/** The rows of the newest state. Overlapping calls share the work; with nothing changed there is none. */
export type InterconnectRows = () => Promise<InterconnectBody>;

/** Work between two turns of the event loop, a millisecond or less; 1 is to render an entry's rows in a family. */
const WORK_PER_TURN = 500;
const COPYING = 0.02;
/** UTF-8 takes at most this many bytes for a UTF-16 code unit. */
const MOST_BYTES_PER_UNIT = 3;
/** That a Buffer has at its end for rows that became longer. */
const SPARE_BYTES = 4096;
const NO_ROWS: FamilyRows = { bytes: Buffer.alloc(0), starts: new Uint32Array(1) };

/** `nextTurn`: called about once per millisecond of work, so that a large body never holds up anything else. */
export function createInterconnectRows(read: () => ExporterState, nextTurn: NextTurn): InterconnectRows {
  const none = interconnectFamilies([]);
  let last: InterconnectBody = { state: EMPTY_STATE, families: none, rows: none.map(() => NO_ROWS) };
  return latestBuild(read, async (state) => {
    const { plan } = state;
    const entries = state.entries.all;
    const isSamePlan = plan === last.state.plan;
    if (isSamePlan && entries.every((entry, index) => entry === last.state.entries.at(index))) {
      last = { ...last, state };
      return last;
    }
    const families = isSamePlan ? last.families : interconnectFamilies(labelKeysOf(plan.targets));
    const isComparable = isSamePlan || labelNamesOf(families) === labelNamesOf(last.families);
    const before = isComparable ? last.state : EMPTY_STATE;
    const places = entries.map(({ target }) => before.positions.get(target.key) ?? -1);
    const rows: FamilyRows[] = [];
    let work = 0;
    for (const [nth, family] of families.entries()) {
      const rendering = renderFamily(family, entries, {
        places,
        entries: before.entries.all,
        rows: isComparable ? at(last.rows, nth) : NO_ROWS,
      });
      let step = rendering.next();
      for (; step.done !== true; step = rendering.next()) {
        work += step.value;
        if (work < WORK_PER_TURN) continue;
        work = 0;
        await nextTurn();
      }
      rows.push(step.value);
    }
    last = { state, families, rows };
    return last;
  });
}

function labelNamesOf(families: readonly EntryFamily[]): string {
  return String(families.map(({ labelNames }) => labelNames));
}

/** What is known from before. */
interface Before {
  readonly entries: readonly Entry[];
  readonly rows: FamilyRows;
  /** Where among those entries each of the entries now was; -1 when it is new. */
  readonly places: readonly number[];
}

/** The rows of a family; yields how much work it has done since the last time. */
function* renderFamily(
  family: EntryFamily,
  entries: readonly Entry[],
  before: Before,
): Generator<number, FamilyRows> {
  const { places, rows } = before;
  const { from } = family;
  function isKept(entry: Entry, index: number): boolean {
    const old = before.entries[at(places, index)];
    return entry === old || (old !== undefined && from !== undefined && Object.is(from(old), from(entry)));
  }
  yield entries.length * COPYING;
  const isSame = (entry: Entry, index: number): boolean => places[index] === index && isKept(entry, index);
  if (entries.length === before.entries.length && entries.every(isSame)) return rows;

  const writer = createWriter(rows.bytes);
  const starts = new Uint32Array(entries.length + 1);
  for (const [index, entry] of entries.entries()) {
    starts[index] = writer.length();
    const place = at(places, index);
    if (isKept(entry, index)) writer.copy(at(rows.starts, place), at(rows.starts, place + 1));
    else {
      writer.write(entryRows(family, entry));
      yield 1;
    }
  }
  starts[entries.length] = writer.length();
  return { bytes: writer.finish(), starts };
}

/** Of stretches of `source` and of texts. */
function createWriter(source: Buffer) {
  let target = Buffer.allocUnsafeSlow(Math.ceil(source.length * 1.02) + SPARE_BYTES);
  let length = 0;
  /** The stretch that is still to be copied. */
  let start = 0;
  let end = 0;
  function reserve(bytes: number): void {
    if (length + bytes <= target.length) return;
    const grown = Buffer.allocUnsafeSlow((length + bytes) * 2);
    target.copy(grown, 0, 0, length);
    target = grown;
  }
  function flush(): void {
    reserve(end - start);
    length += source.copy(target, length, start, end);
    start = end;
  }
  return {
    length: () => length + end - start,
    copy(from: number, to: number): void {
      if (from !== end) {
        flush();
        start = from;
      }
      end = to;
    },
    write(text: string): void {
      flush();
      reserve(text.length * MOST_BYTES_PER_UNIT);
      length += target.write(text, length);
    },
    finish(): Buffer {
      flush();
      return target.subarray(0, length);
    },
  };
}
