import type { z } from "zod";
import type { Instant } from "../base/clock.ts";
import type { Discovery, Listing } from "../domain/discovered.ts";
import type { Remembered } from "../domain/entry.ts";
import {
  credentialLine,
  headerLine,
  interconnectLine,
  listedLine,
  listingLine,
  type SavedHeader,
  type SavedUsage,
  usageLine,
} from "./saved-lines.ts";

/** All that outlives the process, as `state.json` holds it. */
export interface SavedState extends SavedHeader {
  /** By key of the target. */
  readonly interconnects: ReadonlyMap<string, Remembered>;
  /** By account. */
  readonly listings: ReadonlyMap<string, Listing>;
  /** By credential. */
  readonly usages: ReadonlyMap<string, SavedUsage>;
  /** By account, the credential that it used. */
  readonly credentials: ReadonlyMap<string, string>;
}

/** A saved state to be written: of 10,000 interconnects no map is made first. */
export interface StateToSave extends Omit<SavedState, "interconnects"> {
  readonly interconnects: Iterable<readonly [key: string, Remembered]>;
}

/** The saved state cannot be used: the message says in which line and why. */
export class SavedStateError extends Error {
  override readonly name = "SavedStateError";

  constructor(line: number, problem: string) {
    super(`Line ${line}: ${problem}`);
  }
}

const FORMAT = "cloudflare-interconnect-exporter state";
const VERSION = 1;

/** Of an instant only the wall clock is written, so that these may count from any moment. */
const ANY: Instant = { unixMs: 0, monoMs: 0 };
const encodeCredential = lineOf(credentialLine);
const encodeUsage = lineOf(usageLine);
const encodeListing = lineOf(listingLine(ANY));
const encodeListed = rememberedLineOf(listedLine);
const encodeInterconnect = rememberedLineOf(interconnectLine(ANY));

/**
 * The lines of the file: the first its header, the last their number, so that a file that was cut is known for one. Made one by
 * one while they are written: at 10,000 interconnects the whole would hold up everything else.
 */
export function* encodeSavedState(state: StateToSave): Generator<string> {
  let count = 0;
  for (const line of linesOf(state)) {
    count += 1;
    yield line;
  }
  yield JSON.stringify({ end: count });
}

function* linesOf(state: StateToSave): Generator<string> {
  yield JSON.stringify({ format: FORMAT, version: VERSION, ...headerLine.encode(state) });
  for (const credential of state.credentials) yield encodeCredential(credential);
  for (const usage of state.usages) yield encodeUsage(usage);
  for (const [account, listing] of state.listings) {
    yield encodeListing([account, listing]);
    for (const known of listing.discovery.known) yield encodeListed([account, known]);
  }
  for (const interconnect of state.interconnects) yield encodeInterconnect(interconnect);
}

/** A codec's value as a line. */
function lineOf<Value>(codec: z.ZodType<Value>): (value: Value) => string {
  return (value) => JSON.stringify(codec.encode(value));
}

/**
 * The same, made once for each immutable object and remembered for as long as that lives: a write encodes only what has changed
 * since the one before.
 */
function rememberedLineOf<Saved extends object>(
  codec: z.ZodType<readonly [owner: string, saved: Saved]>,
): (value: readonly [owner: string, saved: Saved]) => string {
  const encode = lineOf(codec);
  const lines = new WeakMap<Saved, { readonly owner: string; readonly line: string }>();
  return (value) => {
    const [owner, saved] = value;
    const known = lines.get(saved);
    if (known?.owner === owner) return known.line;
    const line = encode(value);
    lines.set(saved, { owner, line });
    return line;
  };
}

/**
 * What the lines of a file hold, strictly: one that is not as we write it makes the whole doubtful. Times are counted back from
 * `now`. Throws a SavedStateError.
 */
export function decodeSavedState(text: string, now: Instant): SavedState {
  // Before all else: what is no state file at all may be of any size, and of nothing but ends of lines.
  const header = decodeHeader(text.split("\n", 1)[0]);
  const lines = text.split("\n");
  const endAt = lines.findLastIndex((line) => line !== "");
  if (fieldsOf(lines[endAt], endAt + 1)["end"] !== endAt) {
    throw new SavedStateError(endAt + 1, "expected the end of the file, it seems to be cut");
  }
  const codecs = { listing: listingLine(now), interconnect: interconnectLine(now) };
  const interconnects = new Map<string, Remembered>();
  const listings = new Map<string, Listing>();
  const known = new Map<string, Discovery["known"][number][]>();
  const usages = new Map<string, SavedUsage>();
  const credentials = new Map<string, string>();
  for (const [index, line] of lines.slice(1, endAt).entries()) {
    const number = index + 2;
    const fields = fieldsOf(line, number);
    if ("interconnect" in fields) interconnects.set(...decodeLine(codecs.interconnect, fields, number));
    else if ("listing" in fields) {
      const [account, listing] = decodeLine(codecs.listing, fields, number);
      const ofAccount: Discovery["known"][number][] = [];
      known.set(account, ofAccount);
      listings.set(account, { ...listing, discovery: { ...listing.discovery, known: ofAccount } });
    } else if ("ledger" in fields) usages.set(...decodeLine(usageLine, fields, number));
    else if ("credential" in fields) credentials.set(...decodeLine(credentialLine, fields, number));
    else {
      const [account, interconnect] = decodeLine(listedLine, fields, number);
      const ofAccount = known.get(account);
      if (ofAccount === undefined)
        throw new SavedStateError(number, "listed: expected the account of a listing");
      ofAccount.push(interconnect);
    }
  }
  return { ...header, interconnects, listings, usages, credentials };
}

function decodeHeader(line: string | undefined): SavedHeader {
  const fields = fieldsOf(line, 1);
  if (fields["format"] !== FORMAT) throw new SavedStateError(1, "expected a state file");
  if (fields["version"] !== VERSION) {
    throw new SavedStateError(1, `expected version ${VERSION}, got ${JSON.stringify(fields["version"])}`);
  }
  return decodeLine(headerLine, fields, 1);
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(line: string | undefined, number: number): Fields {
  try {
    const value: unknown = JSON.parse(String(line));
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Said below, in our words.
  }
  throw new SavedStateError(number, "expected a JSON object");
}

function decodeLine<Value>(codec: z.ZodType<Value>, fields: Fields, number: number): Value {
  const { data, error } = codec.safeParse(fields);
  if (error === undefined) return data;
  const [problem] = error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`);
  throw new SavedStateError(number, String(problem));
}

/** A path within a line, such as `history.changes[3].to`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${String(part)}`))
    .join("");
}
