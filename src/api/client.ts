import type { AuthHeaders } from "./credentials.ts";
import { type DecodedStatus, decodeStatus } from "./decode-status.ts";
import type { VerifiedToken } from "./decode-token.ts";
import { quote } from "./describe-body.ts";
import { type Connection, get, type RequestObservation } from "./get.ts";
import { type ListAnswer, listInterconnects, type ListRequest } from "./list-interconnects.ts";
import { createOrigin, type OriginOptions } from "./origin.ts";
import { pathSegment } from "./path-segment.ts";
import { cfRayOf } from "./response-headers.ts";
import { type VerifyRequest, verifyToken } from "./verify-token.ts";

export interface ClientOptions extends OriginOptions {
  /** With the path of the API's version: `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string;
  readonly userAgent: string;
  /** Called once for each request that ended, well or not. */
  readonly observe: (request: RequestObservation) => void;
}

interface StatusRequest {
  readonly account: string;
  readonly accountId: string;
  readonly interconnect: string;
  readonly authorization: AuthHeaders;
}

export interface StatusAnswer extends DecodedStatus {
  readonly cfRay: string | undefined;
}

/** Each method throws an ApiError, or the signal's reason when it aborts. Closing the client ends what is in flight. */
export interface ApiClient extends AsyncDisposable {
  /** One GET, without a retry. */
  getStatus(request: StatusRequest, signal: AbortSignal): Promise<StatusAnswer>;
  /** One GET for each page; retries are the caller's, by `perPage`. */
  listInterconnects(request: ListRequest, signal: AbortSignal): Promise<ListAnswer>;
  /** One GET, without a retry. Only for tokens: a global key cannot be verified. */
  verifyToken(request: VerifyRequest, signal: AbortSignal): Promise<VerifiedToken>;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** A client of one origin. Throws an Error for CA certificates or a proxy URL that cannot be used. */
export function createClient(options: ClientOptions): ApiClient {
  const { userAgent, clock, observe } = options;
  const base = new URL(options.baseUrl);
  const origin = createOrigin(base, options);
  const { dispatcher, host } = origin;
  const basePath = base.pathname.replace(/\/+$/, "");
  const connection = { dispatcher, host, basePath, userAgent, clock, observe };
  return {
    getStatus: (request, signal) => getStatus(connection, request, signal),
    listInterconnects: (request, signal) => listInterconnects(connection, request, signal),
    verifyToken: (request, signal) => verifyToken(connection, request, signal),
    [Symbol.asyncDispose]: () => origin[Symbol.asyncDispose](),
  };
}

async function getStatus(
  connection: Connection,
  { account, accountId, interconnect, authorization }: StatusRequest,
  signal: AbortSignal,
): Promise<StatusAnswer> {
  const asked = `the status of ${quote(`${account}/${interconnect}`)}`;
  return get(
    connection,
    {
      operation: "status",
      account,
      authorization,
      path: `/accounts/${pathSegment(accountId)}/cni/interconnects/${pathSegment(interconnect)}/status`,
      asked,
      maxBytes: MAX_BODY_BYTES,
      decode: (headers, body) => ({ ...decodeStatus(asked, headers, body), cfRay: cfRayOf(headers) }),
    },
    signal,
  );
}
