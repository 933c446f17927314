import type { Instant } from "../base/clock.ts";
import type { Discovery, Listing } from "./discovered.ts";
import type { Remembered } from "./entry.ts";
import { readHistory } from "./read-history.ts";
import { isLinkState, type LinkState, type State, STATES } from "./link-state.ts";
import {
  INFO_KEYS,
  instantOf,
  STORED_FORMAT,
  STORED_VERSION,
  type StoredUsage,
  type StoredState,
} from "./stored-state.ts";
import { type InterconnectInfo, NO_INFO } from "./target.ts";

/** The stored state cannot be used: the message says in which line and why. */
export class StoredStateError extends Error {
  override readonly name = "StoredStateError";
}

type Fields = ReadonlyMap<string, unknown>;

/** What the lines of `encodeState` hold, strictly: one that is not as we write it makes the whole doubtful. Throws a StoredStateError. */
export function readStoredState(text: string, now: Instant): StoredState {
  const lines = text.split("\n");
  const header = fieldsOf(lines[0], 1);
  if (header.get("format") !== STORED_FORMAT) throw new StoredStateError("Line 1: expected a state file");
  if (header.get("version") !== STORED_VERSION) {
    const came = JSON.stringify(header.get("version"));
    throw new StoredStateError(`Line 1: expected version ${STORED_VERSION}, got ${came}`);
  }
  const clean = header.get("clean");
  if (typeof clean !== "boolean") throw new StoredStateError("Line 1: clean: expected true or false");
  const interconnects = new Map<string, Remembered>();
  const listings = new Map<string, Listing & { discovery: { known: Discovery["known"][number][] } }>();
  const usages = new Map<string, StoredUsage>();
  const credentials = new Map<string, string>();

  function readLine(line: Line): void {
    if (line.has("interconnect")) interconnects.set(line.text("interconnect"), rememberedIn(line, now));
    else if (line.has("listing")) listings.set(line.text("listing"), listingIn(line, now));
    else if (line.has("ledger")) usages.set(line.text("ledger"), usageIn(line));
    else if (line.has("credential")) credentials.set(line.text("account"), line.text("credential"));
    else {
      const listing = listings.get(line.text("listed"));
      if (listing === undefined) line.fail("listed", "the account of a listing");
      listing.discovery.known.push({
        name: line.text("name"),
        missedLists: line.count("missed_lists"),
        info: infoIn(line),
      });
    }
  }

  const endAt = lines.findLastIndex((line) => line !== "");
  if (fieldsOf(lines[endAt], endAt + 1).get("end") !== endAt) {
    throw new StoredStateError(`Line ${endAt + 1}: expected the end of the file, it seems to be cut`);
  }
  for (const [index, line] of lines.slice(0, endAt).entries()) {
    if (index > 0) readLine(new Line(fieldsOf(line, index + 1), index + 1));
  }
  const first = new Line(header, 1);
  return {
    writtenMs: first.count("written_ms"),
    clean,
    budget: first.count("budget"),
    interconnects,
    listings,
    usages,
    credentials,
  };
}

/** One line's fields, read strictly. */
class Line {
  readonly #fields: Fields;
  readonly #number: number;

  constructor(fields: Fields, number: number) {
    this.#fields = fields;
    this.#number = number;
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  get(name: string): unknown {
    return this.#fields.get(name);
  }

  fail(name: string, expected: string): never {
    throw new StoredStateError(`Line ${this.#number}: ${name}: expected ${expected}`);
  }

  text(name: string): string {
    const value = this.get(name);
    return typeof value === "string" ? value : this.fail(name, "text");
  }

  /** A whole number from 0, such as a Unix time. */
  count(name: string): number {
    const value = this.get(name);
    return isCount(value) ? value : this.fail(name, "a whole number");
  }
}

function fieldsOf(line: string | undefined, number: number): Fields {
  try {
    const value: unknown = JSON.parse(String(line));
    if (typeof value === "object" && value !== null) return new Map(Object.entries(value));
  } catch {
    // Said below, in our words.
  }
  throw new StoredStateError(`Line ${number}: expected a JSON object`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function rememberedIn(line: Line, now: Instant): Remembered {
  const changed = line.get("changed_ms") === null ? undefined : instantOf(line.count("changed_ms"), now);
  return {
    state: stateIn(line),
    since: instantOf(line.count("since_ms"), now),
    changed,
    lastKnown: line.get("last_known") === null ? undefined : lastKnownIn(line),
    lastSuccess: instantOf(line.count("last_success_ms"), now),
    reason: { text: line.text("reason"), class: line.text("reason_class") },
    history: readHistory(line.get("history")) ?? line.fail("history", "a history of changes and polls"),
  };
}

function stateIn(line: Line): State {
  const word = line.text("state");
  return STATES.find((state) => state === word) ?? line.fail("state", "a state");
}

function lastKnownIn(line: Line): LinkState {
  const word = line.text("last_known");
  return isLinkState(word) ? word : line.fail("last_known", "a state of the API");
}

function listingIn(line: Line, now: Instant) {
  return {
    accountId: line.text("account_id"),
    wanted: undefined,
    discovery: { known: [], emptyLists: line.count("empty_lists") },
    pages: line.count("pages"),
    listed: instantOf(line.count("listed_ms"), now),
  };
}

function infoIn(line: Line): InterconnectInfo {
  const info = line.get("info");
  const fields = new Map(typeof info === "object" && info !== null ? Object.entries(info) : []);
  const texts = INFO_KEYS.map((key) => {
    const value: unknown = fields.get(key);
    return [key, typeof value === "string" ? value : line.fail(`info.${key}`, "text")] as const;
  });
  return { ...NO_INFO, ...Object.fromEntries(texts) };
}

function usageIn(line: Line): StoredUsage {
  const sent: unknown = line.get("sent");
  if (!Array.isArray(sent)) return line.fail("sent", "a list");
  const pairs = sent.map((pair: unknown) => {
    const [seconds, requests, ...rest]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    return isCount(seconds) && isCount(requests) && rest.length === 0
      ? ([seconds, requests] as const)
      : line.fail("sent", "pairs of a Unix time and a number");
  });
  return { sent: pairs, pausedUntilMs: line.count("paused_until_ms") };
}
