import type { AuthHeaders } from "./credentials.ts";
import { quote } from "./describe-body.ts";
import { type Connection, get } from "./get.ts";
import { pathSegment } from "./path-segment.ts";
import { readResult } from "./read-result.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { tokenShape } from "./wire.ts";

export interface VerifyRequest {
  readonly account: string;
  readonly accountId: string;
  readonly authorization: AuthHeaders;
}

/** What the API says about the token that asks. */
export interface VerifiedToken {
  /** `active`, `disabled` or `expired` today. */
  readonly status: string;
  /** Undefined for a token without an end, or when the API does not tell. */
  readonly expiresAtUnixMs: number | undefined;
}

const MAX_BODY_BYTES = 64 * 1024;

/** Asks what the API thinks of the token that asks. */
export async function verifyToken(
  connection: Connection,
  { account, accountId, authorization }: VerifyRequest,
  signal: AbortSignal,
): Promise<VerifiedToken> {
  // Each kind of token is known at one path alone; the other calls a good token invalid.
  const owner = isOfAccount(authorization) ? `/accounts/${pathSegment(accountId)}` : "/user";
  const asked = `the validity of the token of ${quote(account)}`;
  return get(
    connection,
    {
      operation: "verify",
      account,
      authorization,
      path: `${owner}/tokens/verify`,
      asked,
      maxBytes: MAX_BODY_BYTES,
      decode: (headers, body) => decodeToken(asked, headers, body),
    },
    signal,
  );
}

/** Whether the account itself owns the token, by its prefix. Tokens from before 2026 have none and are a user's. */
function isOfAccount({ authorization }: AuthHeaders): boolean {
  return authorization?.reveal().startsWith("Bearer cfat_") === true;
}

/** The token in the body of a verify's 200. Throws an `invalid_response` ApiError when it has no string `status`. */
export function decodeToken(asked: string, headers: ResponseHeaders, body: string): VerifiedToken {
  const expected = 'a JSON object with a string "status"';
  const { status, expires_on: expiresOn } = readResult({ asked, shape: tokenShape, expected }, headers, body);
  return { status, expiresAtUnixMs: readTimestamp(expiresOn ?? "") };
}

/** RFC 3339; `Date.parse` alone would make a date of almost any text. */
function readTimestamp(text: string): number | undefined {
  const unixMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(unixMs) ? undefined : unixMs;
}
