import { cleanReason } from "../domain/reason.ts";
import type { InterconnectInfo } from "../domain/target.ts";
import { parseJson } from "./describe-body.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { unexpectedBody } from "./unexpected-body.ts";
import { interconnectShape, listShape, unwrap } from "./wire.ts";

/** An interconnect as the list shows it; what it does not tell is `""`. */
export interface ListedInterconnect {
  readonly name: string;
  readonly info: InterconnectInfo;
}

/** One page of the list. */
export interface ListPage {
  readonly items: readonly ListedInterconnect[];
  /** Items without a name that can be asked for. */
  readonly unusable: number;
  /** The `cursor` of the following page; undefined on the last one. */
  readonly next: string | undefined;
}

/** The page in a 200's body. Throws an `invalid_response` ApiError when it has no list, or a `next` that cannot be followed. */
export function decodeList(asked: string, headers: ResponseHeaders, body: string): ListPage {
  const list = listShape.safeParse(unwrap(parseJson(body)));
  if (!list.success) {
    const expected = 'a JSON object with a list "items", and "next" absent, null, a number or a string';
    throw unexpectedBody(asked, expected, headers, body);
  }
  const items = list.data.items.map(readItem).filter((item) => item !== undefined);
  return { items, unusable: list.data.items.length - items.length, next: readNext(list.data.next) };
}

/** No page after the first begins at 0, so that a 0 can only be the "none" of a language without null. */
function readNext(next: number | string | null | undefined): string | undefined {
  const cursor = String(next ?? "");
  return cursor === "" || cursor === "0" ? undefined : cursor;
}

function readItem(item: unknown): ListedInterconnect | undefined {
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
