import type { Instant } from "../base/clock.ts";
import { globToRegExp } from "./glob.ts";
import type { InterconnectInfo } from "./target.ts";

/** An interconnect as the API's list shows it; what it does not tell is `""`. */
export interface Discovered {
  readonly name: string;
  readonly info: InterconnectInfo;
}

/** The whole list of an account, all its pages together. */
export interface ListAnswer {
  /** In the API's order; of several with one name, the first. */
  readonly items: readonly Discovered[];
  /** Names that came more than once. */
  readonly duplicates: readonly string[];
  /** Items without a name that can be asked for. */
  readonly unusable: number;
  readonly pages: number;
}

/** What an account's good lists have shown so far. */
export interface Discovery {
  /** Interconnects that count as existing, in the order of the last list that had them. */
  readonly known: readonly (Discovered & { readonly missedLists: number })[];
  /** Good lists in a row without a single interconnect. */
  readonly emptyLists: number;
}

/** What an account's list calls have shown, and how many of them one list takes. */
export interface Listing {
  /** Cloudflare's id of the account that was listed. */
  readonly accountId: string;
  /** By which globs it was filtered; undefined when not known, as after a restart. */
  readonly wanted: Wanted | undefined;
  readonly discovery: Discovery;
  readonly pages: number;
  /** When the last good list came. */
  readonly listed: Instant;
}

export const NOTHING_DISCOVERED: Discovery = { known: [], emptyLists: 0 };

/** Globs by which an account's interconnects are chosen. */
export interface Wanted {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Whether one of the includes and none of the excludes matches. */
export function isWanted(name: string, { include, exclude }: Wanted): boolean {
  const matches = (pattern: string): boolean => globToRegExp(pattern).test(name);
  return include.some(matches) && !exclude.some(matches);
}

/** Missing from this many good lists in a row, an interconnect is gone. */
const GONE_AFTER_LISTS = 2;
/** An empty list after one that was not is more likely a fault of the API's: it takes one more. */
const EMPTY_BELIEVED_AT = 3;

/** The discovery after one more good list, already filtered and without duplicates. */
export function afterList(before: Discovery, list: readonly Discovered[]): Discovery {
  const listed = list.map((item) => ({ name: item.name, info: item.info, missedLists: 0 }));
  if (list.length > 0) {
    const names = new Set(list.map(({ name }) => name));
    const missed = before.known
      .filter(({ name }) => !names.has(name))
      .map(({ name, info, missedLists }) => ({ name, info, missedLists: missedLists + 1 }))
      .filter(({ missedLists }) => missedLists < GONE_AFTER_LISTS);
    return { known: [...listed, ...missed], emptyLists: 0 };
  }
  const emptyLists = before.emptyLists + 1;
  return { known: emptyLists >= EMPTY_BELIEVED_AT ? [] : before.known, emptyLists };
}
