import type { Dispatcher } from "undici";
import type { Clock } from "../base/clock.ts";
import type { ApiRequest, Operation } from "../domain/api-request.ts";
import { ApiError } from "../domain/failure.ts";
import { classifyNetworkError } from "./classify-network-error.ts";
import { classifyResponse } from "./classify-response.ts";
import { type AuthHeaders, conceal, concealHeaders } from "./credentials.ts";
import { quote } from "./describe-body.ts";
import { type Answer, exchange } from "./exchange.ts";
import { headerOf, rateLimitRemainingOf, type ResponseHeaders } from "./response-headers.ts";

/** What all requests of a client share. */
export interface Connection {
  readonly dispatcher: Dispatcher;
  /** For messages. */
  readonly host: string;
  /** The path of the API's version, without a slash at its end. */
  readonly basePath: string;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly observe: (request: ApiRequest) => void;
}

/** One thing to read, and how to understand it. */
export interface Get<T> {
  readonly operation: Operation;
  readonly account: string;
  readonly authorization: AuthHeaders;
  /** Below the version, with its query. */
  readonly path: string;
  /** What is read, for messages: `the status of "production/icon-ewr-01"`. */
  readonly asked: string;
  readonly maxBytes: number;
  /** Reads a 200, the credential already out of its headers and body. Throws an ApiError. */
  readonly decode: (headers: ResponseHeaders, body: string) => T | Promise<T>;
}

const MAX_ERROR_BODY_BYTES = 64 * 1024;

/** One GET, observed, without a retry and without following redirects. Throws an ApiError, or the signal's reason when it aborts. */
export async function get<T>(connection: Connection, request: Get<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { operation, account, asked, maxBytes } = request;
  const { clock } = connection;
  const startMs = clock.now().monoMs;
  let code = 0;
  let rateLimitRemaining: number | undefined;
  try {
    const { status, headers, text, body } = await send(connection, request, signal);
    code = status;
    rateLimitRemaining = rateLimitRemainingOf(headers);
    // The status says it all, so that a body which hangs or breaks must not hide a 429 behind a timeout.
    if (status !== 200) throw errorOf(request, { status, headers, text }, clock);
    if (body.end === "broken") throw body.error;
    if (body.end === "too-long") {
      throw new ApiError(
        "invalid_response",
        `Cannot read ${asked}: the answer is larger than ${maxBytes} bytes`,
      );
    }
    const { authorization } = request;
    const shown = concealHeaders(headers, authorization);
    const encoding = headerOf(shown, "content-encoding") ?? "identity";
    if (encoding.trim().toLowerCase() !== "identity") {
      throw new ApiError(
        "invalid_response",
        `Cannot read ${asked}: expected a body as it is, got one with Content-Encoding ${quote(encoding)}, which was not asked for; check what stands between here and the API`,
      );
    }
    return await request.decode(shown, conceal(text, authorization));
  } catch (error) {
    // The reason of an abort may be an ApiError itself: the deadline of withRetry() is one.
    if (error instanceof ApiError && error !== signal.reason) throw error;
    if (!signal.aborted) throw classifyNetworkError(error, asked, connection.host);
    code = 0;
    throw signal.reason;
  } finally {
    const durationMs = clock.now().monoMs - startMs;
    const remaining = rateLimitRemaining === undefined ? {} : { rateLimitRemaining };
    connection.observe({ operation, account, code, durationMs, ...remaining });
  }
}

function errorOf(
  { asked, operation, authorization }: Get<unknown>,
  { status, headers, text }: Pick<Answer, "status" | "headers" | "text">,
  clock: Clock,
): ApiError {
  return classifyResponse({
    asked,
    about: operation === "status" ? "interconnect" : "account",
    status,
    headers: concealHeaders(headers, authorization),
    body: conceal(text, authorization),
    nowUnixMs: clock.now().unixMs,
  });
}

async function send(
  { dispatcher, basePath, userAgent }: Connection,
  { path, authorization, maxBytes }: Get<unknown>,
  signal: AbortSignal,
): Promise<Answer> {
  const headers: Record<string, string> = {
    accept: "application/json",
    "accept-encoding": "identity",
    "user-agent": userAgent,
  };
  for (const [name, secret] of Object.entries(authorization)) headers[name] = secret.reveal();
  const maxBytesOf = (status: number): number => (status === 200 ? maxBytes : MAX_ERROR_BODY_BYTES);
  return await exchange(dispatcher, { path: `${basePath}${path}`, headers, maxBytesOf }, signal);
}
