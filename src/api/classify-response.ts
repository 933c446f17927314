import { ApiError, type FailureKind } from "../domain/failure.ts";
import { describeBody, isHtml, parseJson, quote } from "./describe-body.ts";
import { cfRayOf, headerOf, type ResponseHeaders } from "./response-headers.ts";
import { retryAfterOf } from "./retry-after.ts";
import { readErrors, successIn, type WireError } from "./wire.ts";

/** Any answer but a 200. */
export interface ErrorAnswer {
  /** What was read, for the message: `the status of production/icon-ewr-01`. */
  readonly asked: string;
  /** What it was about, for the advice. @default "interconnect" */
  readonly about?: "interconnect" | "account";
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** As much of the body as was read. */
  readonly body: string;
  /** By our clock; of use for an answer without a date alone. */
  readonly nowUnixMs: number;
}

/** Codes that make a 400 a wrong credential: 6003 malformed, 9103 unknown, 9106 and 9107 half a pair. */
const CREDENTIAL_CODES = [6003, 9103, 9106, 9107];
/** "Could not route to ..., perhaps your object identifier is invalid?"; older answers say 7000. */
const ROUTE_CODES = [7003, 7000];

const CHECK_CREDENTIAL =
  "check that the credential is whole, not revoked, not expired and of its kind (token or global key)";
const PERMISSION = "the permission Magic Transit Read or Magic WAN Read";
const BLOCKED_BEFORE =
  "a page, so something before the API blocked the request, not the credential's permissions: a proxy, or Cloudflare's edge, whose support can look up the cf-ray";
/** Errors of one answer that a message repeats. */
const SHOWN_ERRORS = 3;

/**
 * The failure that an answer stands for. By HTTP status first, codes second and text last: code 10000
 * means success, a refusal or a rate limit, depending on where it comes from.
 */
export function classifyResponse(answer: ErrorAnswer): ApiError {
  const json = parseJson(answer.body);
  const errors = readErrors(json);
  const kind = kindOf(answer.status, successIn(json) === false ? errors : undefined);
  const cfRay = cfRayOf(answer.headers);
  const retryAfterMs = retryAfterOf(answer.headers, answer.nowUnixMs);
  const came = `HTTP ${answer.status}${describeAnswer(answer, errors)}`;
  const ray = kind === "forbidden" && cfRay !== undefined ? `, cf-ray ${cfRay}` : "";
  const advice = adviceFor(kind, answer, errors, retryAfterMs);
  return new ApiError(
    kind,
    `Cannot read ${answer.asked}: ${came}${ray}${advice === "" ? "" : `; ${advice}`}`,
    {
      retryable: kind === "server_error",
      retryAfterMs,
      cfRay,
    },
  );
}

/** `errors` of an envelope of the API's, undefined for any other body: that may be of whatever stands before the API. */
function kindOf(status: number, errors: readonly WireError[] | undefined): FailureKind {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return errors === undefined ? "invalid_response" : "not_found";
  if (status === 429) return "rate_limited";
  if (status === 400 && hasCode(errors, CREDENTIAL_CODES)) return "unauthorized";
  if (status === 400 && hasCode(errors, ROUTE_CODES)) return "not_found";
  if (status >= 400 && status < 500) return "client_error";
  return status >= 500 ? "server_error" : "invalid_response";
}

function hasCode(errors: readonly WireError[] = [], codes: readonly number[]): boolean {
  return errors.some(({ code }) => code !== undefined && codes.includes(code));
}

function describeAnswer(answer: ErrorAnswer, errors: readonly WireError[]): string {
  return errors.length === 0 ? ` with ${describeBody(answer.headers, answer.body)}` : listErrors(errors);
}

/** Some of an answer's errors by code and message, each after a comma; `""` for none. */
export function listErrors(errors: readonly WireError[]): string {
  return errors
    .slice(0, SHOWN_ERRORS)
    .map(({ code, message }) => {
      const parts = [code === undefined ? "" : `code ${code}`, message === "" ? "" : quote(message)];
      return `, ${parts.filter((part) => part !== "").join(" ")}`;
    })
    .join("");
}

/** What to do about it; `""` when the answer says all. */
function adviceFor(
  kind: FailureKind,
  answer: ErrorAnswer,
  errors: readonly WireError[],
  retryAfterMs: number | undefined,
): string {
  const refused = kind === "unauthorized" || kind === "forbidden";
  if (refused && errors.length === 0 && isHtml(answer.headers, answer.body)) return BLOCKED_BEFORE;
  if (kind === "unauthorized") return `${CHECK_CREDENTIAL}, and has ${PERMISSION}`;
  if (kind === "forbidden") return adviceForForbidden(errors);
  if (kind === "not_found" && answer.about === "account") return "check account_id (32 hexadecimal digits)";
  if (kind === "not_found") {
    return hasCode(errors, ROUTE_CODES)
      ? "check account_id (32 hexadecimal digits) and the name of the interconnect"
      : "check the name of the interconnect, and that it is of this account";
  }
  if (kind === "rate_limited") {
    return retryAfterMs === undefined
      ? "it does not say for how long"
      : `it asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  }
  if (answer.status === 410) return "this version of the API is gone: update the exporter";
  if (answer.status === 404) {
    return "not in the API's own form, so not its word: check api.base_url, and what stands between here and the API";
  }
  return kind === "invalid_response" ? adviceForRedirect(answer) : "";
}

function adviceForForbidden(errors: readonly WireError[]): string {
  if (errors.some(({ code, message }) => code === 9109 && /from location/i.test(message))) {
    return "the token is restricted to other IP addresses: add this one to its client IP filter";
  }
  if (hasCode(errors, [9109])) return "the token is unknown or expired";
  return `give the credential ${PERMISSION} on this account, check account_id, and that the account has Network Interconnect; a new token may need a minute`;
}

function adviceForRedirect(answer: ErrorAnswer): string {
  const location = headerOf(answer.headers, "location");
  if (answer.status < 300 || location === undefined) return "expected HTTP 200 with JSON";
  return `a redirect to ${quote(location.replace(/[?#].*$/s, ""))}, which is never followed: check api.base_url`;
}
