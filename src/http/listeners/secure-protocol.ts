import type { IncomingMessage } from "node:http";
import { createSecureServer, type Http2SecureServer } from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { admit } from "./client-certificate.ts";
import {
  createPlainProtocol,
  type Handler,
  http1Options,
  MOST_HEADER_BYTES,
  type Protocol,
  refuseMalformed,
  type TimeLimits,
} from "./protocol.ts";
import type { LiveWebConfig } from "../web-config/live.ts";
import type { TlsSettings } from "../web-config/settings.ts";

interface SecureOptions {
  readonly handler: Handler;
  /** All that is told to whoever has the server's own certificate. */
  readonly healthPath: string;
  readonly timeLimits: TimeLimits;
  readonly web: LiveWebConfig;
  /** The settings at the start. */
  readonly tls: TlsSettings;
  readonly http2: boolean;
}

/** Requests at once on one connection of HTTP/2; what a client may have under way at all is --web.max-requests. */
const STREAMS = 100;

/**
 * HTTP/1.1, and HTTP/2 if wanted, over TLS. Each handshake has the certificates and the policy of its time. There
 * are two servers, since whether a client is asked for a certificate is settled for good when a server is made.
 */
export function createSecureProtocol(options: SecureOptions): Protocol {
  const { web } = options;
  let applied = options.tls;
  const silent = createServer({ ...options, requestCert: false });
  const asking = createServer({ ...options, requestCert: true });
  const health = createPlainProtocol((request, response) => {
    if (request.url === options.healthPath) options.handler(request, response);
    else response.writeHead(403).end();
  }, options.timeLimits);
  admitClients(asking);

  async function accept(socket: Socket): Promise<void> {
    const { settings } = await web.current();
    if (socket.destroyed) return;
    const tls = settings.tls ?? applied;
    if (tls.context !== applied.context) {
      silent.setSecureContext(tls.context);
      asking.setSecureContext(tls.context);
    }
    applied = tls;
    (tls.clientAuth === "none" ? silent : asking).emit("connection", socket);
  }

  /** Puts the decision between the handshake and the first byte of HTTP. */
  function admitClients(server: Http2SecureServer): void {
    const speak = server.listeners("secureConnection");
    server.removeAllListeners("secureConnection");
    server.on("secureConnection", (socket: TLSSocket) => {
      const admission = admit(socket, applied);
      if (admission === "refused") socket.destroy();
      else if (admission === "own") health.accept(socket);
      else for (const listener of speak) listener.call(server, socket);
    });
  }

  return {
    accept: (socket) => void accept(socket),
    closeIdle() {
      for (const server of [silent, asking]) server.close();
      health.closeIdle();
    },
    stop() {
      for (const server of [silent, asking]) server.close();
      health.stop();
    },
  };
}

function createServer({
  tls,
  http2,
  handler,
  timeLimits,
  requestCert,
}: SecureOptions & { readonly requestCert: boolean }): Http2SecureServer {
  const settings = {
    ...http1Options(timeLimits),
    ...tls.context,
    allowHTTP1: true,
    handshakeTimeout: timeLimits.requestMs,
    requestCert,
    // Refused by `admit`, which knows all the policies.
    rejectUnauthorized: false,
    settings: { maxHeaderListSize: MOST_HEADER_BYTES, maxConcurrentStreams: STREAMS },
    ...(http2 ? {} : { ALPNCallback: http1Only }),
  };
  const bounded: Handler = (request, response) => {
    if (isTooLarge(request)) response.writeHead(431).end();
    else handler(request, response);
  };
  // The request and response of HTTP/2 have the shape of those of HTTP/1.1, which is what Fastify works with.
  const listener = bounded as unknown as Parameters<typeof createSecureServer>[1];
  const server = createSecureServer(settings, listener).on("clientError", refuseMalformed);
  server.setTimeout(timeLimits.idleMs);
  // It never listens itself, and Node starts its checks for slow clients at this event.
  server.emit("listening");
  return server;
}

/** In HTTP/2 the limit of the headers is advice to clients, which Node does not enforce below 64 KiB. */
function isTooLarge({ httpVersionMajor, rawHeaders }: IncomingMessage): boolean {
  if (httpVersionMajor === 1) return false;
  return rawHeaders.reduce((sum, { length }) => sum + length, 0) > MOST_HEADER_BYTES;
}

function http1Only({ protocols }: { readonly protocols: readonly string[] }): string | undefined {
  return protocols.find((protocol) => protocol === "http/1.1");
}
