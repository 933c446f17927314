import { ApiError } from "../domain/failure.ts";
import { describeBody, parseJson, quote } from "./describe-body.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { readErrors } from "./wire.ts";

/** The `invalid_response` that a 200 with another body than `expected` stands for; says what came instead. */
export function unexpectedBody(
  asked: string,
  expected: string,
  headers: ResponseHeaders,
  body: string,
): ApiError {
  const [error] = readErrors(parseJson(body));
  const came =
    error === undefined
      ? describeBody(headers, body)
      : `code ${error.code ?? "none"} ${quote(error.message)}`;
  return new ApiError(
    "invalid_response",
    `Cannot read ${asked}: expected ${expected} in the HTTP 200, got ${came}`,
  );
}
