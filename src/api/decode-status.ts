import { parseJson } from "./describe-body.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { unexpectedBody } from "./unexpected-body.ts";
import { statusShape, unwrap } from "./wire.ts";

/** What a 200 says about an interconnect. */
export interface DecodedStatus {
  /** The API's word for the state, known to us or not. */
  readonly word: string;
  readonly reason: string | undefined;
}

/**
 * The status in a 200's body. Decided by the body alone, so that a proxy which drops or changes the media type
 * does no harm. Throws an `invalid_response` ApiError for anything but an object with a string `state`.
 */
export function decodeStatus(asked: string, headers: ResponseHeaders, body: string): DecodedStatus {
  const status = statusShape.safeParse(unwrap(parseJson(body)));
  if (!status.success) throw unexpectedBody(asked, 'a JSON object with a string "state"', headers, body);
  return { word: status.data.state, reason: status.data.reason ?? undefined };
}
