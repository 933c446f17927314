import { once } from "node:events";
import { request as plainRequest, type IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import type { Clock } from "../base/clock.ts";
import type { ClientConfig } from "../config/client-config.ts";

export interface DaemonClient {
  /** Where the daemon is, with the prefix of its routes, without a slash at the end. */
  readonly origin: string;
  readonly client: ClientConfig;
  /** For each answer, from the connection to its last byte. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export interface DaemonAnswer {
  readonly status: number;
  readonly body: string;
}

/** More than 10,000 interconnects take. */
const MOST_BYTES = 64 * 1024 * 1024;

/** GETs a path of a daemon, and follows no redirect: the credentials are for nobody else. Throws an Error for people. */
export async function askDaemon(to: DaemonClient, path: string, stop: AbortSignal): Promise<DaemonAnswer> {
  const url = `${to.origin}${path}`;
  const work = new AbortController();
  const onStop = (): void => work.abort(stop.reason);
  stop.addEventListener("abort", onStop, { once: true });
  const timer = new AbortController();
  const deadline = to.clock.sleep(to.timeoutMs, timer.signal).then(
    () => work.abort(new Error(`no answer within ${to.timeoutMs / 1000} s`)),
    () => undefined,
  );
  try {
    stop.throwIfAborted();
    const response = await send(url, to.client, work.signal);
    return { status: response.statusCode ?? 0, body: await bodyOf(response, work.signal) };
  } catch (error) {
    const cause: unknown = work.signal.aborted ? work.signal.reason : error;
    throw new Error(`${url} does not answer: ${textOf(cause)}`, { cause: error });
  } finally {
    stop.removeEventListener("abort", onStop);
    timer.abort();
    await deadline;
  }
}

async function send(url: string, { authorization, tls }: ClientConfig, signal: AbortSignal) {
  const headers = authorization === undefined ? {} : { authorization: authorization.reveal() };
  const request = url.startsWith("https:")
    ? secureRequest(url, {
        signal,
        headers,
        ca: tls.ca,
        cert: tls.cert,
        key: tls.key?.reveal(),
        rejectUnauthorized: !tls.insecure,
        ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
      })
    : plainRequest(url, { signal, headers });
  request.end();
  const [response] = await once(request, "response");
  return response as IncomingMessage;
}

async function bodyOf(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response) {
    signal.throwIfAborted();
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new Error(`expected at most ${MOST_BYTES} bytes`);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** Of several attempts, as to both addresses of `localhost`, Node tells in an error without a message. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}
