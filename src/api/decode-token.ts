import { parseJson } from "./describe-body.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { unexpectedBody } from "./unexpected-body.ts";
import { tokenShape, unwrap } from "./wire.ts";

/** What the API says about the token that asks. */
export interface VerifiedToken {
  /** `active`, `disabled` or `expired` today. */
  readonly status: string;
  /** Undefined for a token without an end, or when the API does not tell. */
  readonly expiresAtUnixMs: number | undefined;
}

/** The token in the body of a verify's 200. Throws an `invalid_response` ApiError when it has no string `status`. */
export function decodeToken(asked: string, headers: ResponseHeaders, body: string): VerifiedToken {
  const token = tokenShape.safeParse(unwrap(parseJson(body)));
  if (!token.success) throw unexpectedBody(asked, 'a JSON object with a string "status"', headers, body);
  return { status: token.data.status, expiresAtUnixMs: readTimestamp(token.data.expires_on ?? "") };
}

/** RFC 3339; `Date.parse` alone would make a date of almost any text. */
function readTimestamp(text: string): number | undefined {
  const unixMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(unixMs) ? undefined : unixMs;
}
