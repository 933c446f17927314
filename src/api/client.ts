import type { ApiRequest } from "../domain/api-request.ts";
import type { ListAnswer } from "../domain/discovered.ts";
import type { StatusAnswer } from "../domain/state.ts";
import { getStatus, type StatusRequest } from "./get-status.ts";
import { listInterconnects, type ListRequest } from "./list-interconnects.ts";
import { createOrigin, type OriginOptions } from "./origin.ts";
import { type VerifiedToken, type VerifyRequest, verifyToken } from "./verify-token.ts";

export interface ClientOptions extends OriginOptions {
  /** With the path of the API's version: `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string;
  readonly userAgent: string;
  /** Called once for each request that ended, well or not. */
  readonly observe: (request: ApiRequest) => void;
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
