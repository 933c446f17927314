import type { Instant } from "../../base/clock.ts";
import type { Entry } from "../../domain/entry.ts";
import type { FailureKind } from "../../domain/failure.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { AccountReading } from "../../metrics/account-gauges.ts";
import { html, type Html } from "./html.ts";
import { counted, durationText, utcTimeOfDay } from "./words.ts";

/** What is known of the picture itself, beside what is known of the circuits. */
export interface Picture {
  readonly snapshot: Snapshot;
  readonly accounts: readonly AccountReading[];
  /** Why the exporter is not ready; undefined when it is. */
  readonly whyNotReady: string | undefined;
}

/** One thing that is wrong with the picture, for all circuits that it is about. */
interface Fault {
  readonly what: string;
  readonly effect: string;
}

/** In one banner all that is wrong with the picture itself; nothing when it can be trusted. */
export function bannerOf({ snapshot, accounts, whyNotReady }: Picture): Html | undefined {
  const starting = whyNotReady === undefined ? [] : [startingFault(whyNotReady)];
  const troubles = troublesOf(snapshot);
  const faults = accounts.flatMap((reading) =>
    faultsOf(reading, troubles.get(reading.account) ?? NONE, snapshot.now),
  );
  const lines = [...starting, ...faults];
  if (lines.length === 0) return undefined;
  const shown = lines.map(({ what, effect }) => html`<p><strong>${what}.</strong> ${effect}</p>`);
  return html`<div class="banner" id="banner" role="status">${shown}</div>`;
}

function startingFault(why: string): Fault {
  return { what: "The exporter is not ready", effect: `${why.charAt(0).toUpperCase()}${why.slice(1)}.` };
}

/** What of an account's circuits the banner may be about. */
interface Troubles {
  readonly all: number;
  /** Those whose last poll failed. */
  readonly failing: readonly Entry[];
  /** Those that are Unknown though it did not. */
  readonly unknown: readonly Entry[];
}

const NONE: Troubles = { all: 0, failing: [], unknown: [] };

/** By account, in one pass: of thousands few are in trouble. */
function troublesOf({ state }: Snapshot): ReadonlyMap<string, Troubles> {
  const byAccount = new Map<string, { all: number; failing: Entry[]; unknown: Entry[] }>();
  for (const entry of state.entries.all) {
    let of = byAccount.get(entry.target.account);
    if (of === undefined) byAccount.set(entry.target.account, (of = { all: 0, failing: [], unknown: [] }));
    of.all += 1;
    if (entry.failure !== undefined) of.failing.push(entry);
    else if (entry.state === "Unknown") of.unknown.push(entry);
  }
  return byAccount;
}

function faultsOf(
  reading: AccountReading,
  { all, failing, unknown }: Troubles,
  now: Instant,
): readonly Fault[] {
  const paused = reading.pausedUntilMs > now.unixMs ? [pauseFault(reading, all, now)] : [];
  const failed = CAUSES.flatMap(({ kinds, what, isOfAll = false }) => {
    const concerned = failing.filter(({ failure }) => failure !== undefined && kinds.includes(failure.kind));
    // What the pause says need not be said again.
    if (concerned.length === 0 || (paused.length > 0 && kinds.includes("rate_limited"))) return [];
    if (!isOfAll && !isWidespread(concerned, all, reading, now)) return [];
    return [{ what: `${what} ${named(reading)}`, effect: effectOn(concerned, all, reading, now) }];
  });
  const silent = unknown.filter((entry) => isStale(entry, reading, now));
  const what = `No poll of ${named(reading)} has finished for too long`;
  const silence = silent.length === 0 ? [] : [{ what, effect: effectOn(silent, all, reading, now) }];
  return [...paused, ...failed, ...silence];
}

/** A poll that failed is said in its row; half of them, or one that has left nothing to believe, is a fault of the picture. */
function isWidespread(
  concerned: readonly Entry[],
  all: number,
  reading: AccountReading,
  now: Instant,
): boolean {
  return 2 * concerned.length >= all || concerned.some((entry) => isStale(entry, reading, now));
}

/** Whether an answer has grown too old to be believed. */
function isStale({ lastSuccess }: Entry, { staleAfterMs }: AccountReading, now: Instant): boolean {
  return lastSuccess !== undefined && now.monoMs - lastSuccess.monoMs > staleAfterMs;
}

/** What fails for many circuits at once; a 404 is about one, and said where it is. */
const CAUSES: readonly {
  readonly kinds: readonly FailureKind[];
  readonly what: string;
  /** Whether the next circuit's poll would fail by it too. */
  readonly isOfAll?: boolean;
}[] = [
  { kinds: ["rate_limited"], what: "Cloudflare limits the requests of", isOfAll: true },
  { kinds: ["unauthorized"], what: "Cloudflare does not accept the credential of", isOfAll: true },
  { kinds: ["forbidden"], what: "Cloudflare refuses access to", isOfAll: true },
  {
    kinds: ["timeout", "network", "tls", "server_error"],
    what: "Cloudflare’s API cannot be reached or fails for",
  },
  {
    kinds: ["client_error", "invalid_response", "internal"],
    what: "Cloudflare’s answers are not understood for",
  },
  { kinds: ["throttled"], what: "The exporter’s own request budget is spent for" },
];

function named({ account }: AccountReading): string {
  return `account “${account}”`;
}

function pauseFault(reading: AccountReading, all: number, now: Instant): Fault {
  const { pausedUntilMs } = reading;
  const again = `asked again at ${utcTimeOfDay(pausedUntilMs)}, in ${durationText(pausedUntilMs - now.unixMs)}`;
  return {
    what: `Cloudflare answers 429 to ${named(reading)}`,
    effect: `${counted(all, "circuit shows", "circuits show")} what was last known; ${again}.`,
  };
}

function effectOn(concerned: readonly Entry[], all: number, reading: AccountReading, now: Instant): string {
  const kinds = [...new Set(concerned.flatMap(({ failure }) => failure?.kind ?? []))].join(", ");
  const why = kinds === "" ? "" : ` (${kinds})`;
  const of = concerned.length === all ? counted(all, "circuit") : `${concerned.length} of ${all} circuits`;
  const show = concerned.length === 1 ? "shows" : "show";
  const limit = durationText(reading.staleAfterMs);
  const stale = concerned.filter((entry) => isStale(entry, reading, now)).length;
  const unanswered = concerned.filter(({ lastSuccess }) => lastSuccess === undefined).length;
  const doubts = [
    ...(stale === 0 ? [] : [`${stale} older than ${limit} and so Unknown`]),
    ...(unanswered === 0 ? [] : [`${unanswered} never answered`]),
  ];
  const until = doubts.length === 0 ? `, for ${limit} at most` : `: ${doubts.join(", ")}`;
  return `${of} ${show} what was last known${why}${until}.`;
}
