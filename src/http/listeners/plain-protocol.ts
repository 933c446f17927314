import { createServer } from "node:http";
import { type Handler, HTTP1_LIMITS, type Protocol, refuseMalformed } from "./protocol.ts";

/** HTTP/1.1 without TLS. */
export function createPlainProtocol(handler: Handler): Protocol {
  const server = createServer(HTTP1_LIMITS, handler).on("clientError", refuseMalformed);
  // It never listens itself, and Node starts its checks for slow clients at this event.
  server.emit("listening");
  return {
    accept: (socket) => void server.emit("connection", socket),
    closeIdle: () => server.closeIdleConnections(),
    stop: () => void server.close(),
  };
}
