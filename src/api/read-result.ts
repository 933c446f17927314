import type { ZodType } from "zod";
import { ApiError } from "../domain/failure.ts";
import { listErrors } from "./classify-response.ts";
import { describeBody, parseJson } from "./describe-body.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { readErrors, successIn, unwrap } from "./wire.ts";

/** What is expected in a 200. */
interface Expected<T> {
  /** What was read, for the message: `the status of "production/icon-ewr-01"`. */
  readonly asked: string;
  readonly shape: ZodType<T>;
  /** The shape in words. */
  readonly expected: string;
}

/**
 * What the shape reads in a 200's body, out of its envelope if it has one. Throws an `invalid_response` ApiError for
 * another shape, and for a body that says of itself anything but success, whatever else it holds.
 */
// Decided by the body alone, so that a proxy which drops or changes the media type does no harm.
export function readResult<T>(
  { asked, shape, expected }: Expected<T>,
  headers: ResponseHeaders,
  body: string,
): T {
  const json = parseJson(body);
  const result = unwrap(json);
  const failed = [json, result].find((part) => successIn(part) !== undefined && successIn(part) !== true);
  const read = shape.safeParse(result);
  if (failed === undefined && read.success) return read.data;
  const came = failed === undefined ? describeBody(headers, body) : describeFailure(failed);
  throw new ApiError(
    "invalid_response",
    `Cannot read ${asked}: expected ${expected} in the HTTP 200, got ${came}`,
  );
}

function describeFailure(envelope: unknown): string {
  const success = successIn(envelope) === false ? '"success": false' : 'a "success" that is not true';
  const errors = listErrors(readErrors(envelope));
  return `${success}${errors === "" ? " without an error" : errors}`;
}
