import { at } from "../base/at.ts";
import { escapeLabelValue, formatValue, labelPairs } from "./exposition.ts";
import type { ByteEdit } from "./byte-edit.ts";
import type { Entry } from "../domain/entry.ts";
import type { Labels, Sample } from "./family.ts";

const AFTER_LABELS = "} ";
const ROW_END = "\n";

/** The labels `account` and `interconnect`, which come first in every row of an entry. */
export interface Identity {
  readonly text: string;
  readonly bytes: number;
}

export function identityOf({ target: { account, interconnect } }: Entry): Identity {
  const text = labelPairs([
    ["account", account],
    ["interconnect", interconnect],
  ]);
  return { text, bytes: Buffer.byteLength(text) };
}

/** The rows of one entry in the family `name`. */
export function entryRows(name: string, identity: Identity, samples: readonly Sample[]): string {
  const head = `${name}{${identity.text}`;
  let text = "";
  for (const { labels, value } of samples) {
    text += head + furtherLabels(labels) + AFTER_LABELS + formatValue(value) + ROW_END;
  }
  return text;
}

/** Where rows stand in a body. */
export interface RowsAt {
  readonly name: string;
  readonly identity: Identity;
  /** Of the first row, in bytes. */
  readonly start: number;
}

/** Writes the values that differ over those that `entryRows` wrote for the same labels. `labelBytes`: see there. */
export function replaceValues(
  edit: ByteEdit,
  { name, identity, start }: RowsAt,
  was: readonly Sample[],
  is: readonly Sample[],
  labelBytes: LabelBytes,
): void {
  const headBytes = name.length + "{".length + identity.bytes;
  let rowStart = start;
  for (let index = 0; index < is.length; index += 1) {
    const old = at(was, index);
    const { value, labels } = at(is, index);
    const oldText = formatValue(old.value);
    const valueStart = rowStart + headBytes + labelBytes(labels) + AFTER_LABELS.length;
    const valueEnd = valueStart + oldText.length;
    if (!Object.is(old.value, value)) edit.replaceAscii(valueStart, valueEnd, formatValue(value));
    rowStart = valueEnd + ROW_END.length;
  }
}

/** How many bytes labels take in a row, behind the identity. */
export type LabelBytes = (labels: Labels) => number;

/** Remembers by identity: labels of closed sets are the same objects for all entries. To be dropped after a family. */
export function createLabelBytes(): LabelBytes {
  const known = new Map<Labels, number>();
  return (labels) => {
    let bytes = known.get(labels);
    if (bytes === undefined) {
      bytes = Buffer.byteLength(furtherLabels(labels));
      known.set(labels, bytes);
    }
    return bytes;
  };
}

function furtherLabels(labels: Labels): string {
  let text = "";
  for (const [name, value] of labels) text += `,${name}="${escapeLabelValue(value)}"`;
  return text;
}
