import type { Socket } from "node:net";
import { type buildConnector, Client, type Dispatcher, errors } from "undici";
import type { Clock } from "../base/clock.ts";
import type { NextTurn } from "../base/next-turn.ts";
import type { ResponseHeaders } from "./response-headers.ts";

/** What all connections of an origin share. */
export interface ConnectionOptions {
  readonly connect: buildConnector.connector;
  readonly clock: Clock;
  readonly nextTurn: NextTurn;
  /** A used connection is given up when its next request comes later than this after it was made. */
  readonly maxAgeMs: number;
  /** Whether connections of the origin were seen to carry bytes that nobody had asked for. */
  readonly suspicion: Suspicion;
}

/** What an origin, or a proxy before it, has shown of itself: after it sent more than was asked, that it may again. */
interface Suspicion {
  untilMs: number;
}

/** What came on a used connection in place of an answer: left over from another, it says nothing about this request. */
export class LeftoverBytesError extends Error {}

/** Each request then has a connection of its own: dear, but no answer can be taken for another. */
const SUSPICION_MS = 10 * 60_000;
/** An address that only fails may be one that was given up. */
const MAX_SERVER_ERRORS = 3;

/**
 * A client of undici's that holds one connection at a time and knows when not to use it again: after an answer that is not
 * plain, three of HTTP 5xx in a row, at its age, and under suspicion. What lies on a used connection is read before the next
 * request is sent, and an answer with more behind it is not believed there, since it may belong to the request before.
 */
export function createConnection(
  origin: string | URL,
  options: Client.Options,
  { connect, clock, nextTurn, maxAgeMs, suspicion }: ConnectionOptions,
): Client {
  let socket: Socket | undefined;
  let madeMs = 0;
  let answers = 0;
  let serverErrors = 0;

  const client = new Client(origin, {
    ...options,
    connect: (target, callback) =>
      connect(target, (...made) => {
        socket = made[1] ?? undefined;
        madeMs = clock.now().monoMs;
        answers = 0;
        serverErrors = 0;
        callback(...made);
      }),
  });
  function suspect(): void {
    suspicion.untilMs = clock.now().monoMs + SUSPICION_MS;
  }
  client.on("disconnect", (_origin, _targets, error) => {
    if (isGarbled(error)) suspect();
  });

  function watch(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    let headCame = false;
    let plain = true;
    return {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onResponseStart(controller, status, headers, message) {
        headCame = status >= 200;
        plain &&= isPlain(status, headers);
        serverErrors = status >= 500 ? serverErrors + 1 : 0;
        handler.onResponseStart?.(controller, status, headers, message);
      },
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd(controller, trailers) {
        const isFirst = answers === 0;
        const used = socket;
        answers += 1;
        if (!plain || serverErrors >= MAX_SERVER_ERRORS) used?.destroy();
        if (isFirst) return handler.onResponseEnd?.(controller, trailers);
        void nextTurn().then(() => {
          const error = used?.errored;
          if (!error || !isGarbled(error)) return handler.onResponseEnd?.(controller, trailers);
          suspect();
          handler.onResponseError?.(controller, leftoverOf(error));
        });
      },
      onResponseError(controller, error) {
        const isLeftover = !headCame && answers > 0 && isGarbled(error);
        if (isLeftover) suspect();
        handler.onResponseError?.(controller, isLeftover ? leftoverOf(error) : error);
      },
    };
  }

  // A pool calls its clients by this method, and gives one no request before the last is done.
  const dispatch = client.dispatch.bind(client);
  client.dispatch = (request, handler) => {
    if (answers === 0) return dispatch(request, watch(handler));
    void nextTurn().then(() => {
      const { monoMs } = clock.now();
      // undici makes a new one for the request when this one has closed.
      if (monoMs - madeMs >= maxAgeMs || monoMs < suspicion.untilMs) socket?.destroy();
      dispatch(request, watch(handler));
    });
    return false;
  };
  return client;
}

/** Whether nobody can be in doubt where the answer ends: neither one that must be empty, nor an early hint, nor two lengths. */
function isPlain(status: number, headers: ResponseHeaders): boolean {
  const { "content-length": length, "transfer-encoding": encoding } = headers;
  if (status < 200 || status === 204 || status === 205 || status === 304) return false;
  if (encoding === undefined) return typeof length === "string" && /^\d+$/.test(length);
  return length === undefined && typeof encoding === "string" && encoding.toLowerCase() === "chunked";
}

function leftoverOf(cause: Error): LeftoverBytesError {
  return new LeftoverBytesError("Bytes after an answer", { cause });
}

/** Whether what came is no answer, or one while none was awaited. */
function isGarbled(error: Error): boolean {
  if (error instanceof errors.HTTPParserError) return true;
  return error instanceof errors.SocketError && /^bad (?:response|upgrade)$/.test(error.message);
}
