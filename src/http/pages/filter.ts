import type { Entry } from "../../domain/entry.ts";
import type { InterconnectInfo, Target } from "../../domain/target.ts";

/** What of the circuits a page shows. Several values of one kind are alternatives, but every text must be found. */
export interface WallFilter {
  readonly q: readonly string[];
  readonly account: readonly string[];
  readonly site: readonly string[];
  readonly group: readonly string[];
  readonly state: readonly string[];
}

/** What the query of the wall's URL says. */
export interface WallQuery {
  readonly filter: WallFilter;
  /** From 1. */
  readonly page: number;
  /** For a wall screen: large, without controls. */
  readonly tv: boolean;
}

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export const FILTER_NAMES = ["q", "account", "site", "group", "state"] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** No name is longer, and nobody chooses more; the rest of a hostile query is not looked at. */
const LONGEST_VALUE = 1024;
const MOST_VALUES = 50;
const LAST_PAGE = 1_000_000;

export const NO_FILTER: WallFilter = { q: [], account: [], site: [], group: [], state: [] };

/** Empty values, as a form sends them, choose nothing. */
export function parseQuery(query: Query): WallQuery {
  const page = Number(valuesOf(query["page"])[0]);
  return {
    filter: {
      q: valuesOf(query["q"]),
      account: valuesOf(query["account"]),
      site: valuesOf(query["site"]),
      group: valuesOf(query["group"]),
      state: valuesOf(query["state"]),
    },
    page: Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1,
    tv: query["tv"] !== undefined,
  };
}

function valuesOf(value: Query[string]): readonly string[] {
  const trimmed = [value ?? []].flat().map((each) => each.slice(0, LONGEST_VALUE).trim());
  return [...new Set(trimmed.filter((each) => each !== ""))].slice(0, MOST_VALUES);
}

/** The query of a URL that shows the same, `""` or from its `?` on. */
export function queryText({ filter, page, tv }: WallQuery): string {
  const pairs = FILTER_NAMES.flatMap((name) => filter[name].map((value): [string, string] => [name, value]));
  if (page > 1) pairs.push(["page", String(page)]);
  const text = new URLSearchParams(pairs).toString();
  const parts = [...(tv ? ["tv"] : []), ...(text === "" ? [] : [text])];
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** Whether the query has parameters that say nothing, as a form sends its empty fields. */
export function hasEmpty(query: Query): boolean {
  return FILTER_NAMES.some((name) => [query[name] ?? []].flat().includes(""));
}

export function isFiltered(filter: WallFilter): boolean {
  return FILTER_NAMES.some((name) => filter[name].length > 0);
}

/** Where the circuit is: its site, or the region of one that has none; `""` where neither is known. */
export function siteOf({ site, region }: InterconnectInfo): string {
  return site === "" ? region : site;
}

/** Whether the filter lets a circuit through. `groups`: by key of a target, the group that it is in. */
export function createMatch(
  filter: WallFilter,
  groups: ReadonlyMap<string, string>,
): (entry: Entry) => boolean {
  if (!isFiltered(filter)) return () => true;
  const words = filter.q.map((word) => word.toLowerCase());
  const states = filter.state.map((state) => state.toLowerCase());
  return (entry) => {
    const { target } = entry;
    if (!allows(filter.account, target.account) || !allows(filter.site, siteOf(target.info))) return false;
    if (!allows(states, entry.state.toLowerCase())) return false;
    const group = groups.get(target.key);
    if (filter.group.length > 0 && (group === undefined || !filter.group.includes(group))) return false;
    const groupText = group?.toLowerCase() ?? "";
    return words.every(
      (word) => textOf(target).includes(word) || groupText.includes(word) || says(entry, word),
    );
  };
}

function allows(chosen: readonly string[], value: string): boolean {
  return chosen.length === 0 || chosen.includes(value);
}

const textByTarget = new WeakMap<Target, string>();

/** What stays the same from poll to poll, a line each: made once, for there may be thousands. */
function textOf(target: Target): string {
  const { account, interconnect, info, labels } = target;
  const known = textByTarget.get(target);
  if (known !== undefined) return known;
  const text = [account, interconnect, ...Object.values(info), ...Object.values(labels)]
    .join("\n")
    .toLowerCase();
  textByTarget.set(target, text);
  return text;
}

/** Whether the word is in what changes; of thousands nearly all are Healthy, without a reason to be looked through. */
function says({ state, reason }: Entry, word: string): boolean {
  if (state.toLowerCase().includes(word) || reason.class.includes(word)) return true;
  return reason.text !== "" && reason.text.toLowerCase().includes(word);
}
