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
/** Some 15,000 interconnects: an API that ignores paging sends them all at once. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

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
  let cursor: string | undefined;
  for (let number = 1; ; number += 1) {
    const place = { cursor, asked: describePage(request.account, number) };
    const page = await perPage((attempt) => getPage(connection, request, place, attempt), signal);
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
      decode: (headers, body) => decodeList(asked, headers, body),
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

/** The page in a 200's body. Throws an `invalid_response` ApiError when it has no list, or a `next` that cannot be followed. */
export function decodeList(asked: string, headers: ResponseHeaders, body: string): ListPage {
  const expected = 'a JSON object with a list "items", and "next" absent, null, a number or a string';
  const list = readResult({ asked, shape: listShape, expected }, headers, body);
  const items = list.items.map(readItem).filter((item) => item !== undefined);
  return { items, unusable: list.items.length - items.length, next: readNext(list.next) };
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
      type: cleanReason(data.type),
      site: cleanReason(data.site),
      facility: cleanReason(data.facility.name),
      speed: cleanReason(data.speed),
      device: cleanReason(data.ccr_device_name),
      region: cleanReason(data.region),
      slotId: cleanReason(data.slot_id),
    },
  };
}

/** Whether the name can be a segment of a path, and means the same in UTF-8. */
function isAskable(name: string): boolean {
  return name !== "." && name !== ".." && name.isWellFormed();
}
