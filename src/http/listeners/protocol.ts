import type { IncomingMessage, ServerResponse } from "node:http";
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

/** Headers and body of a request must have come after this, and a TLS handshake must be done. */
export const REQUEST_WITHIN_MS = 10_000;
/** Longer than Prometheus's default scrape interval, so that a scraper keeps its connection. */
export const IDLE_MS = 75_000;

export const HTTP1_LIMITS = {
  maxHeaderSize: 16 * 1024,
  requestTimeout: REQUEST_WITHIN_MS,
  headersTimeout: REQUEST_WITHIN_MS,
  keepAliveTimeout: IDLE_MS,
  connectionsCheckingInterval: 2000,
};

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
