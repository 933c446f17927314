import { createServer as createListener, type Server, type Socket } from "node:net";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { listen, type ListenAddress } from "./listen-address.ts";
import { createPlainProtocol } from "./plain-protocol.ts";
import { type Handler, HTTP1_LIMITS, type Protocol } from "./protocol.ts";
import { createSecureProtocol } from "./secure-protocol.ts";
import type { LiveWebConfig } from "../web-config/live.ts";

export interface ListenersOptions {
  readonly app: FastifyInstance;
  /** At least one. */
  readonly addresses: readonly ListenAddress[];
  readonly web: LiveWebConfig;
  /** Path of the health check, with the prefix. */
  readonly healthPath: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A server that listens. Disposing lets requests under way end, then cuts what is left. */
export interface Listeners extends AsyncDisposable {
  /** In the order asked for, with the ports that they got. */
  readonly addresses: readonly ListenAddress[];
  readonly scheme: "http" | "https";
}

/** Requests under way get this long to end when the server closes. */
const DRAIN_MS = 2000;

/** Serves the app on all addresses. Rejects with a message for people when one of them cannot be had. */
export async function startListeners(options: ListenersOptions): Promise<Listeners> {
  const { app, web, clock } = options;
  await app.ready();
  const sockets = new Set<Socket>();
  const answers = new Set<ServerResponse>();
  let isClosing = false;
  const { tls } = web.last().settings;
  const protocol = createProtocol(options, handle);

  function handle(...[request, response]: Parameters<Handler>): void {
    if (isClosing && request.httpVersionMajor === 1) response.setHeader("Connection", "close");
    answers.add(response);
    response.once("close", () => {
      answers.delete(response);
      if (isClosing) closeIdle();
    });
    if (isTooLarge(request)) response.writeHead(431).end();
    else app.routing(request, response);
  }

  /** Node takes a connection for idle as soon as its answer is written, whatever a slow reader has not fetched yet. */
  function closeIdle(): void {
    if (answers.size === 0) protocol.closeIdle();
  }

  function accept(socket: Socket): void {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // Whoever hangs up while the web config is looked at must not end the process.
    socket.on("error", () => socket.destroy());
    protocol.accept(socket);
  }

  await using started = new AsyncDisposableStack();
  started.defer(() => app.close());
  started.defer(() => protocol.stop());
  const listeners: Server[] = [];
  started.defer(async () => {
    isClosing = true;
    const drained = new AbortController();
    const cut = clock.sleep(DRAIN_MS, drained.signal).then(
      () => {
        for (const socket of sockets) socket.destroy();
      },
      () => undefined,
    );
    const closed = listeners.map(closeListener);
    closeIdle();
    await Promise.all(closed);
    drained.abort();
    await cut;
  });
  const addresses: ListenAddress[] = [];
  for (const address of options.addresses) {
    // A TLS handshake waits for a look at the web config: nothing may be read before.
    const listener = createListener({ noDelay: true, pauseOnConnect: tls !== undefined }, accept);
    addresses.push(await listen(listener, address));
    listeners.push(listener);
    listener.on("error", (error) => options.log.warn({ err: error }, "Cannot accept a connection"));
  }
  const running = started.move();
  return {
    addresses,
    scheme: tls === undefined ? "http" : "https",
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** In HTTP/2 the limit of the headers is advice to clients, which Node does not enforce below 64 KiB. */
function isTooLarge({ httpVersionMajor, rawHeaders }: IncomingMessage): boolean {
  if (httpVersionMajor === 1) return false;
  return rawHeaders.reduce((sum, { length }) => sum + length, 0) > HTTP1_LIMITS.maxHeaderSize;
}

function createProtocol({ web, healthPath }: ListenersOptions, handler: Handler): Protocol {
  const { tls, http2 } = web.last().settings;
  if (tls === undefined) return createPlainProtocol(handler);
  const healthHandler: Handler = (request, response) => {
    if (request.url === healthPath) handler(request, response);
    else response.writeHead(403).end();
  };
  return createSecureProtocol({ handler, healthHandler, web, tls, http2 });
}

/** Resolves when its last connection is closed. */
async function closeListener(listener: Server): Promise<void> {
  await new Promise((resolve) => {
    listener.close(resolve);
  });
}
