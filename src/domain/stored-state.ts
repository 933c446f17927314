import type { Instant } from "../base/clock.ts";
import type { Listing } from "./discovered.ts";
import type { Remembered } from "./entry.ts";
import type { InterconnectInfo } from "./target.ts";

/** What was asked with one credential. Cloudflare counts it however often we start. */
export interface StoredUsage {
  /** Unix seconds, each with the number of requests sent up to it. */
  readonly sent: readonly (readonly [unixSeconds: number, requests: number])[];
  /** Unix time; 0 when there was no pause. */
  readonly pausedUntilMs: number;
}

/** All that outlives the process. Times are Unix milliseconds unless they are instants. */
export interface StoredState {
  readonly writtenMs: number;
  /** Whether it was written at the end of a process, after its last request. */
  readonly clean: boolean;
  /** Requests allowed per credential in 5 minutes. */
  readonly budget: number;
  /** By key of the target. */
  readonly interconnects: ReadonlyMap<string, Remembered>;
  /** By account. */
  readonly listings: ReadonlyMap<string, Listing>;
  /** By credential. */
  readonly usages: ReadonlyMap<string, StoredUsage>;
  /** By account, the credential that it used. */
  readonly credentials: ReadonlyMap<string, string>;
}

export const STORED_FORMAT = "cloudflare-interconnect-exporter state";
export const STORED_VERSION = 1;

export const INFO_KEYS = [
  "type",
  "site",
  "facility",
  "speed",
  "device",
  "region",
  "slotId",
] as const satisfies readonly (keyof InterconnectInfo)[];

/** A moment of the wall clock as an instant; one in the future, after the clock was set back, counts as now. */
export function instantOf(unixMs: number, now: Instant): Instant {
  const agoMs = Math.max(0, now.unixMs - unixMs);
  return { unixMs: now.unixMs - agoMs, monoMs: now.monoMs - agoMs };
}

/**
 * The state as lines of JSON, the first one its header and the last one their number, so that a file that was cut is known for one. Made one
 * by one while they are written: at 10,000 interconnects the whole would hold up everything else.
 */
export function* encodeState(
  state: Omit<StoredState, "interconnects" | "listings" | "usages" | "credentials"> & {
    readonly interconnects: Iterable<readonly [string, Remembered]>;
    readonly listings: Iterable<readonly [string, Listing]>;
    readonly usages: Iterable<readonly [string, StoredUsage]>;
    readonly credentials: Iterable<readonly [string, string]>;
  },
): Generator<string> {
  let count = 0;
  for (const line of linesOf(state)) {
    count += 1;
    yield JSON.stringify(line);
  }
  yield JSON.stringify({ end: count });
}

function* linesOf(state: Parameters<typeof encodeState>[0]): Generator {
  const { writtenMs, clean, budget } = state;
  yield { format: STORED_FORMAT, version: STORED_VERSION, written_ms: whole(writtenMs), clean, budget };
  for (const [account, credential] of state.credentials) yield { account, credential };
  for (const [usage, { sent, pausedUntilMs }] of state.usages) {
    yield { ledger: usage, sent, paused_until_ms: whole(pausedUntilMs) };
  }
  for (const [listing, { accountId, discovery, pages, listed }] of state.listings) {
    const { emptyLists, known } = discovery;
    yield {
      listing,
      account_id: accountId,
      pages,
      empty_lists: emptyLists,
      listed_ms: whole(listed.unixMs),
    };
    for (const { name, missedLists, info } of known)
      yield { listed: listing, name, missed_lists: missedLists, info };
  }
  for (const [interconnect, known] of state.interconnects) {
    yield {
      interconnect,
      state: known.state,
      since_ms: whole(known.since.unixMs),
      changed_ms: known.changed === undefined ? null : whole(known.changed.unixMs),
      last_known: known.lastKnown ?? null,
      last_success_ms: whole(known.lastSuccess.unixMs),
      reason: known.reason.text,
      reason_class: known.reason.class,
      history: known.history,
    };
  }
}

/** As it can be read back: a clock that was far off must not cost the whole file. */
function whole(unixMs: number): number {
  return Math.max(0, Math.round(unixMs));
}
