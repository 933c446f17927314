import { ApiError } from "../domain/failure.ts";
import { describeBody, parseJson, quote } from "./describe-body.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { readErrors, statusShape, unwrap } from "./wire.ts";

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
  const json = parseJson(body);
  const status = statusShape.safeParse(unwrap(json));
  if (status.success) return { word: status.data.state, reason: status.data.reason ?? undefined };
  const [error] = readErrors(json);
  const came =
    error === undefined
      ? describeBody(headers, body)
      : `code ${error.code ?? "none"} ${quote(error.message)}`;
  throw new ApiError(
    "invalid_response",
    `Cannot read ${asked}: expected a JSON object with a string "state" in the HTTP 200, got ${came}`,
  );
}
