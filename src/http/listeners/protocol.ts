import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Speaks HTTP on connections that somebody else accepted: the same for every listen address. */
export interface Protocol {
  accept(socket: Socket): void;
  /** Closes what has nothing under way; what has is asked to come to an end. May be called again. */
  closeIdle(): void;
  /** Ends its timers; the connections are closed by whoever accepted them. */
  stop(): void;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** How long clients may take. */
export interface TimeLimits {
  /** Headers and body of a request must have come after this, and a TLS handshake must be done. */
  readonly requestMs: number;
  /** Nothing under way for as long closes the connection. */
  readonly idleMs: number;
  /** How often it is looked for requests that are too slow. */
  readonly checkEveryMs: number;
}

export const TIME_LIMITS: TimeLimits = {
  requestMs: 10_000,
  // Longer than Prometheus's default scrape interval, so that a scraper keeps its connection.
  idleMs: 75_000,
  checkEveryMs: 2000,
};

export const MOST_HEADER_BYTES = 16 * 1024;

/** What Node's servers of HTTP/1.1 are told. */
export function http1Options({ requestMs, idleMs, checkEveryMs }: TimeLimits): ServerOptions {
  return {
    maxHeaderSize: MOST_HEADER_BYTES,
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: checkEveryMs,
  };
}

/** HTTP/1.1 without TLS. */
export function createPlainProtocol(handler: Handler, timeLimits: TimeLimits): Protocol {
  const server = createServer(http1Options(timeLimits), handler).on("clientError", refuseMalformed);
  // It never listens itself, and Node starts its checks for slow clients at this event.
  server.emit("listening");
  return {
    accept: (socket) => void server.emit("connection", socket),
    closeIdle: () => server.closeIdleConnections(),
    stop: () => void server.close(),
  };
}

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** Answers what is no HTTP request, or too large or too slow a one, and closes the connection. */
export function refuseMalformed(error: Error, socket: Duplex): void {
  const code = "code" in error ? String(error.code) : "";
  if (!socket.writable || (!code.startsWith("HPE_") && STATUS[code] === undefined)) {
    socket.destroy();
    return;
  }
  const status = STATUS[code] ?? "400 Bad Request";
  const body = `${status}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    // Whoever goes on sending would keep the connection half open.
    () => socket.destroy(),
  );
}
