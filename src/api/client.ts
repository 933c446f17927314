import { Pool } from "undici";
import type { Dispatcher } from "undici";
import type { Clock } from "../base/clock.ts";
import { ApiError } from "../domain/failure.ts";
import { classifyNetworkError } from "./classify-network-error.ts";
import { classifyResponse } from "./classify-response.ts";
import { conceal } from "./credentials.ts";
import type { AuthHeaders } from "./credentials.ts";
import { decodeStatus } from "./decode-status.ts";
import type { DecodedStatus } from "./decode-status.ts";
import { quote } from "./describe-body.ts";
import { pathSegment } from "./path-segment.ts";
import { readBody } from "./read-body.ts";
import { cfRayOf, rateLimitRemainingOf } from "./response-headers.ts";

export interface ClientOptions {
  /** With the path of the API's version: `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string;
  /** Most connections at a time; further requests wait for one. */
  readonly connections: number;
  readonly userAgent: string;
  readonly clock: Clock;
  /** Called once for each request that ended, well or not. */
  readonly observe: (request: RequestObservation) => void;
}

export interface RequestObservation {
  readonly operation: "status";
  /** The account's name in the config. */
  readonly account: string;
  /** The HTTP status; 0 without a response. */
  readonly code: number;
  readonly durationMs: number;
  /** As the API says it; informational. */
  readonly rateLimitRemaining?: number;
}

export interface StatusRequest {
  readonly account: string;
  readonly accountId: string;
  readonly interconnect: string;
  readonly authorization: AuthHeaders;
}

export interface StatusAnswer extends DecodedStatus {
  readonly cfRay: string | undefined;
}

/** Closing it ends what is in flight. */
export interface ApiClient extends AsyncDisposable {
  /** One GET, without a retry. Throws an ApiError, or the signal's reason when it aborts. */
  getStatus(request: StatusRequest, signal: AbortSignal): Promise<StatusAnswer>;
}

interface Connected extends ClientOptions {
  readonly pool: Pool;
  readonly host: string;
  readonly basePath: string;
}

/** Within a poll's usual deadline of 10 s, so that a lost handshake leaves time for another. */
const CONNECT_TIMEOUT_MS = 4000;
/** Long enough for polls that follow each other, short enough that a changed DNS answer or a lost path is soon noticed. */
const KEEP_ALIVE_MS = 20_000;
/** Node gives each address 250 ms at first, too little for a far or lossy path. */
const ADDRESS_ATTEMPT_MS = 1000;
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_ERROR_BODY_BYTES = 64 * 1024;

/** A client of one origin. HTTP/1.1 alone: over one HTTP/2 connection a single stall would hit all polls. */
export function createClient(options: ClientOptions): ApiClient {
  const base = new URL(options.baseUrl);
  const pool = new Pool(base.origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  });
  const connected = { ...options, pool, host: base.host, basePath: base.pathname.replace(/\/+$/, "") };
  return {
    getStatus: (request, signal) => getStatus(connected, request, signal),
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

async function getStatus(
  client: Connected,
  request: StatusRequest,
  signal: AbortSignal,
): Promise<StatusAnswer> {
  signal.throwIfAborted();
  const { account, accountId, interconnect, authorization } = request;
  const path = `${client.basePath}/accounts/${pathSegment(accountId)}/cni/interconnects/${pathSegment(interconnect)}/status`;
  const asked = `the status of ${quote(`${account}/${interconnect}`)}`;
  const startMs = client.clock.now().monoMs;
  let code = 0;
  let rateLimitRemaining: number | undefined;
  try {
    const response = await send(client, path, authorization, signal);
    const { headers } = response;
    code = response.statusCode;
    rateLimitRemaining = rateLimitRemainingOf(headers);
    if (code !== 200) {
      // The status says it all, so that a body which hangs or breaks must not hide a 429 behind a timeout.
      const { text } = await readBody(response.body, MAX_ERROR_BODY_BYTES);
      const nowUnixMs = client.clock.now().unixMs;
      throw classifyResponse({ asked, status: code, headers, body: conceal(text, authorization), nowUnixMs });
    }
    const read = await readBody(response.body, MAX_BODY_BYTES);
    if (read.end === "broken") throw read.error;
    if (read.end === "too-long") {
      throw new ApiError(
        "invalid_response",
        `Cannot read ${asked}: the answer is larger than ${MAX_BODY_BYTES} bytes`,
      );
    }
    return { ...decodeStatus(asked, headers, conceal(read.text, authorization)), cfRay: cfRayOf(headers) };
  } catch (error) {
    // The reason of an abort may be an ApiError itself: the deadline of withRetry() is one.
    if (error instanceof ApiError && error !== signal.reason) throw error;
    if (!signal.aborted) throw classifyNetworkError(error, asked, client.host);
    code = 0;
    throw signal.reason;
  } finally {
    const durationMs = client.clock.now().monoMs - startMs;
    const remaining = rateLimitRemaining === undefined ? {} : { rateLimitRemaining };
    client.observe({ operation: "status", account, code, durationMs, ...remaining });
  }
}

/** undici heeds the signal only once the request has a connection, so that one still waiting is let go here. */
async function send(
  client: Connected,
  path: string,
  authorization: AuthHeaders,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const headers: Record<string, string> = { accept: "application/json", "user-agent": client.userAgent };
  for (const [name, secret] of Object.entries(authorization)) headers[name] = secret.reveal();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([
      client.pool.request({ method: "GET", path, headers, signal }),
      aborted.promise,
    ]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
