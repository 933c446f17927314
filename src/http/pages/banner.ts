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
  const byAccount = entriesByAccount(snapshot);
  const faults = accounts.flatMap((reading) => {
    const entries = byAccount.get(reading.account) ?? [];
    return faultsOf(reading, entries, snapshot.now);
  });
  const lines = [...starting, ...faults];
  if (lines.length === 0) return undefined;
  const shown = lines.map(({ what, effect }) => html`<p><strong>${what}.</strong> ${effect}</p>`);
  return html`<div class="banner" id="banner" role="status">${shown}</div>`;
}

function startingFault(why: string): Fault {
  return { what: "The exporter is not ready", effect: `${why.charAt(0).toUpperCase()}${why.slice(1)}.` };
}

function entriesByAccount({ state }: Snapshot): ReadonlyMap<string, readonly Entry[]> {
  const byAccount = new Map<string, Entry[]>();
  for (const entry of state.entries) {
    const ofAccount = byAccount.get(entry.target.account);
    if (ofAccount === undefined) byAccount.set(entry.target.account, [entry]);
    else ofAccount.push(entry);
  }
  return byAccount;
}

function faultsOf(reading: AccountReading, entries: readonly Entry[], now: Instant): readonly Fault[] {
  const paused = reading.pausedUntilMs > now.unixMs ? [pauseFault(reading, entries, now)] : [];
  const failing = CAUSES.flatMap(({ kinds, what }) => {
    const concerned = entries.filter(({ failure }) => failure !== undefined && kinds.includes(failure.kind));
    // What the pause says need not be said again.
    if (concerned.length === 0 || (paused.length > 0 && kinds.includes("rate_limited"))) return [];
    return [{ what: `${what} ${named(reading)}`, effect: effectOn(concerned, entries.length, reading, now) }];
  });
  const silent = entries.filter((entry) => entry.failure === undefined && isStale(entry, reading, now));
  const what = `No poll of ${named(reading)} has finished for too long`;
  const silence =
    silent.length === 0 ? [] : [{ what, effect: effectOn(silent, entries.length, reading, now) }];
  return [...paused, ...failing, ...silence];
}

/** Whether an answer has grown too old to be believed. */
function isStale({ lastSuccess }: Entry, { staleAfterMs }: AccountReading, now: Instant): boolean {
  return lastSuccess !== undefined && now.monoMs - lastSuccess.monoMs > staleAfterMs;
}

/** What fails for many circuits at once; a 404 is about one, and said where it is. */
const CAUSES: readonly { readonly kinds: readonly FailureKind[]; readonly what: string }[] = [
  { kinds: ["rate_limited"], what: "Cloudflare limits the requests of" },
  { kinds: ["unauthorized"], what: "Cloudflare does not accept the credential of" },
  { kinds: ["forbidden"], what: "Cloudflare refuses access to" },
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

function pauseFault(reading: AccountReading, entries: readonly Entry[], now: Instant): Fault {
  const { pausedUntilMs } = reading;
  const again = `asked again at ${utcTimeOfDay(pausedUntilMs)}, in ${durationText(pausedUntilMs - now.unixMs)}`;
  return {
    what: `Cloudflare answers 429 to ${named(reading)}`,
    effect: `${counted(entries.length, "circuit shows", "circuits show")} what was last known; ${again}.`,
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
