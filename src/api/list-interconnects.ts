import { cutText } from "../base/cut-text.ts";
import { type NextTurn, nextTurn } from "../base/next-turn.ts";
import type { Discovered, ListAnswer } from "../domain/discovered.ts";
import { ApiError } from "../domain/failure.ts";
import { cleanReason } from "../domain/reason.ts";
import type { AuthHeaders } from "./credentials.ts";
import { quote } from "./describe-body.ts";
import { type Connection, get } from "./get.ts";
import { pathSegment } from "./path-segment.ts";
import { readResult } from "./read-result.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { interconnectShape, listShape } from "./wire.ts";

export interface ListRequest {
  readonly account: string;
  readonly accountId: string;
  readonly authorization: AuthHeaders;
  /** Sends the request of one page, perhaps several times, as withRetry does. @default once */
  readonly perPage?: PerPage;
}

/** A way to carry out one request that may be sent again. */
type PerPage = <T>(send: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;

/** One page of the list. */
interface ListPage {
  readonly items: readonly Discovered[];
  /** Items without a name that can be asked for. */
  readonly unusable: number;
  /** The `cursor` of the following page; undefined on the last one. */
  readonly next: string | undefined;
}

/** The API's largest page is not known, and a list that never ends must. */
const MAX_PAGES = 100;
/** An API that ignores paging sends all interconnects at once. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** Of all pages. More cannot be polled within Cloudflare's limit, and are planned in no time that a probe would wait. */
const MAX_ITEMS = 10_000;
/** Several times what a page of so many items has: JSON with more takes longer to parse than may pass in one turn. */
const MAX_SIGNS: readonly (readonly [sign: string, most: number])[] = [
  ["{", 4 * MAX_ITEMS],
  [",", 40 * MAX_ITEMS],
];
/** Read in one turn of the event loop, a few milliseconds. */
const SLICE_ITEMS = 250;
/** Longer names are of no use in a path or a label. */
const MAX_NAME_LENGTH = 500;
/** Code points of what else is told of an interconnect. */
const INFO_LENGTH = 200;

const once: PerPage = (send, signal) => send(signal);

/** Follows `next` to the end: all of the list or none. A list that goes in a circle or over 100 pages is an `invalid_response`. */
export async function listInterconnects(
  connection: Connection,
  request: ListRequest,
  signal: AbortSignal,
): Promise<ListAnswer> {
  const { perPage = once } = request;
  const items = new Map<string, Discovered>();
  const duplicates = new Set<string>();
  const cursors = new Set<string>();
  let unusable = 0;
  let listed = 0;
  let cursor: string | undefined;
  for (let number = 1; ; number += 1) {
    const place = { cursor, asked: describePage(request.account, number) };
    const page = await perPage((attempt) => getPage(connection, request, place, attempt), signal);
    listed += page.items.length + page.unusable;
    if (listed > MAX_ITEMS) throw tooMany(place.asked);
    for (const item of page.items) {
      if (items.has(item.name)) duplicates.add(item.name);
      else items.set(item.name, item);
    }
    unusable += page.unusable;
    cursor = page.next;
    if (cursor === undefined) {
      return { items: [...items.values()], duplicates: [...duplicates], unusable, pages: number };
    }
    if (cursors.has(cursor)) throw endless(place.asked, `"next" is ${quote(cursor)} for the second time`);
    if (number === MAX_PAGES) throw endless(place.asked, `there is still a "next"`);
    cursors.add(cursor);
  }
}

async function getPage(
  connection: Connection,
  { account, accountId, authorization }: ListRequest,
  { cursor, asked }: { readonly cursor: string | undefined; readonly asked: string },
  signal: AbortSignal,
): Promise<ListPage> {
  const query = cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor.toWellFormed())}`;
  return get(
    connection,
    {
      operation: "list",
      account,
      authorization,
      path: `/accounts/${pathSegment(accountId)}/cni/interconnects${query}`,
      asked,
      maxBytes: MAX_BODY_BYTES,
      decode: (headers, body) => decodeList(asked, headers, body, nextTurn),
    },
    signal,
  );
}

function describePage(account: string, number: number): string {
  const list = `the interconnects of ${quote(account)}`;
  return number === 1 ? list : `page ${number} of ${list}`;
}

function endless(asked: string, what: string): ApiError {
  return new ApiError(
    "invalid_response",
    `Cannot read on after ${asked}: expected a list that ends, but ${what}`,
  );
}

function tooMany(asked: string): ApiError {
  return new ApiError(
    "invalid_response",
    `Cannot read ${asked}: expected at most ${MAX_ITEMS} interconnects, got more`,
  );
}

/**
 * The page in a 200's body, read in slices. Throws an `invalid_response` ApiError when it has no list, one that is too long, or a
 * `next` that cannot be followed.
 */
export async function decodeList(
  asked: string,
  headers: ResponseHeaders,
  body: string,
  nextTurn: NextTurn,
): Promise<ListPage> {
  // A page of 8 MiB took its time to become a text.
  await nextTurn();
  if (MAX_SIGNS.some(([sign, most]) => hasMore(body, sign, most))) throw tooMany(asked);
  const expected = 'a JSON object with a list "items", and "next" absent, null, a number or a string';
  const list = readResult({ asked, shape: listShape, expected }, headers, body);
  if (list.items.length > MAX_ITEMS) throw tooMany(asked);
  const items: Discovered[] = [];
  for (let start = 0; start < list.items.length; start += SLICE_ITEMS) {
    await nextTurn();
    for (const each of list.items.slice(start, start + SLICE_ITEMS)) {
      const item = readItem(each);
      if (item !== undefined) items.push(item);
    }
  }
  return { items, unusable: list.items.length - items.length, next: readNext(list.next) };
}

function hasMore(text: string, sign: string, most: number): boolean {
  let count = 0;
  for (let at = text.indexOf(sign); at !== -1 && count <= most; at = text.indexOf(sign, at + 1)) count += 1;
  return count > most;
}

/** No page after the first begins at 0, so that a 0 can only be the "none" of a language without null. */
function readNext(next: number | string | null | undefined): string | undefined {
  const cursor = String(next ?? "");
  return cursor === "" || cursor === "0" ? undefined : cursor;
}

function readItem(item: unknown): Discovered | undefined {
  const { success, data } = interconnectShape.safeParse(item);
  if (!success || !isAskable(data.name)) return undefined;
  return {
    name: data.name,
    info: {
      type: readInfo(data.type),
      site: readInfo(data.site),
      facility: readInfo(data.facility.name),
      speed: readInfo(data.speed),
      device: readInfo(data.ccr_device_name),
      region: readInfo(data.region),
      slotId: readInfo(data.slot_id),
    },
  };
}

/** Of a text far longer than what is kept, no more is read. */
function readInfo(text: string): string {
  return cutText(cleanReason(text.slice(0, 4 * INFO_LENGTH)), INFO_LENGTH);
}

/** Whether the name can be a segment of a path, and means the same in UTF-8. */
function isAskable(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && name !== "." && name !== ".." && name.isWellFormed();
}
