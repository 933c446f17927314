import type { Socket } from "node:net";
import { type buildConnector, Client, type Dispatcher, errors } from "undici";
import type { Clock } from "../base/clock.ts";
import type { ResponseHeaders } from "./response-headers.ts";

/** What all connections of an origin share. */
export interface ConnectionOptions {
  readonly connect: buildConnector.connector;
  readonly clock: Clock;
  /** A used connection is given up when its next request comes later than this after it was made. */
  readonly maxAgeMs: number;
  /** Whether connections of the origin were seen to carry bytes that nobody had asked for. */
  readonly suspicion: Suspicion;
}

/** What an origin, or a proxy before it, has shown of itself. */
interface Suspicion {
  /** Once it sent more than was asked, it is believed to do so again. */
  untilMs: number;
  /** The soonest that an answer came after its request. */
  soonestMs: number;
}

/** What came on a used connection in place of an answer: left over from another, it says nothing about this request. */
export class LeftoverBytesError extends Error {}

/** Each request then has a connection of its own: dear, but no answer can be taken for another. */
const SUSPICION_MS = 10 * 60_000;
/** In units of the soonest answer: one that came in less than a quarter is doubted, and how long it is then held back. */
const EARLY = 0.25;
const HELD_BACK = 2;
/** An address that only fails may be one that was given up. */
const MAX_SERVER_ERRORS = 3;

/**
 * A client of undici's that holds one connection at a time and knows when not to use it again: after an answer that is not
 * plain, three of HTTP 5xx in a row, at its age, and under suspicion. An answer that is too early to be true is held back until
 * it is seen that no other follows, since it may be one too many for the request before.
 */
export function createConnection(
  origin: string | URL,
  options: Client.Options,
  { connect, clock, maxAgeMs, suspicion }: ConnectionOptions,
): Client {
  let socket: Socket | undefined;
  let madeMs = 0;
  let answers = 0;
  let serverErrors = 0;
  let held: { readonly quiet: Promise<unknown>; readonly ended: AbortController } | undefined;

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
    held?.ended.abort(error);
  });

  /** Resolves after `ms`, or with the error that ended the connection before. */
  async function holdBack(ms: number): Promise<unknown> {
    const ended = new AbortController();
    const quiet = clock.sleep(ms, ended.signal).catch((error: unknown) => error);
    held = { quiet, ended };
    const error = await quiet;
    held = undefined;
    return error;
  }

  function watch(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    let headCame = false;
    let plain = true;
    let sentMs = 0;
    let tookMs = 0;
    return {
      onRequestStart(controller, context) {
        sentMs = clock.now().monoMs;
        handler.onRequestStart?.(controller, context);
      },
      onResponseStart(controller, status, headers, message) {
        headCame = status >= 200;
        plain &&= isPlain(status, headers);
        tookMs = clock.now().monoMs - sentMs;
        serverErrors = status >= 500 ? serverErrors + 1 : 0;
        handler.onResponseStart?.(controller, status, headers, message);
      },
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd(controller, trailers) {
        const early = answers > 0 && tookMs < suspicion.soonestMs * EARLY;
        answers += 1;
        const ends = !plain || serverErrors >= MAX_SERVER_ERRORS;
        if (ends) socket?.destroy();
        if (ends || !early) {
          suspicion.soonestMs = Math.min(suspicion.soonestMs, tookMs);
          return handler.onResponseEnd?.(controller, trailers);
        }
        void holdBack(suspicion.soonestMs * HELD_BACK).then((error) => {
          if (error instanceof Error && isGarbled(error)) {
            return handler.onResponseError?.(controller, leftoverOf(error));
          }
          suspicion.soonestMs = Math.min(suspicion.soonestMs, tookMs);
          return handler.onResponseEnd?.(controller, trailers);
        });
      },
      onResponseError(controller, error) {
        const leftover = !headCame && answers > 0 && isGarbled(error);
        if (leftover) suspect();
        handler.onResponseError?.(controller, leftover ? leftoverOf(error) : error);
      },
    };
  }

  // A pool calls its clients by this method, and gives one no request before the last is done.
  const dispatch = client.dispatch.bind(client);
  client.dispatch = (request, handler) => {
    const { monoMs } = clock.now();
    // undici makes a new one for the request when this one has closed.
    if (answers > 0 && (monoMs - madeMs >= maxAgeMs || monoMs < suspicion.untilMs)) socket?.destroy();
    if (held === undefined) return dispatch(request, watch(handler));
    void held.quiet.then(() => client.dispatch(request, handler));
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
