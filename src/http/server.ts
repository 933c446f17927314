import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { addMetricsRoute } from "./metrics-route.ts";
import { addOperationalRoutes } from "./operational-routes.ts";
import type { HttpPorts } from "./http-ports.ts";

/** A whole request, headers and body, must have come after this. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than Prometheus's default scrape interval, so that a scraper keeps its connection. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const BODY_LIMIT_BYTES = 16 * 1024;
const HEADER_LIMIT_BYTES = 16 * 1024;
const CONNECTION_CHECK_MS = 2000;

/** The HTTP server, not yet listening. */
export function createServer(ports: HttpPorts): FastifyInstance {
  const app = fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: "idle",
    bodyLimit: BODY_LIMIT_BYTES,
    http: { maxHeaderSize: HEADER_LIMIT_BYTES, connectionsCheckingInterval: CONNECTION_CHECK_MS },
  });
  app.addHook("onSend", async (_request, reply) => {
    reply.header("X-Content-Type-Options", "nosniff");
    reply.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  });
  app.addHook("onResponse", async (request, reply) => {
    ports.observe(request.routeOptions.url ?? "unmatched", reply.statusCode, 1);
  });
  app.addHook("onRoute", ({ url }) => ports.observe(url, 200, 0));
  app.setNotFoundHandler(async (request, reply) =>
    reply
      .code(404)
      .type("text/plain; charset=utf-8")
      .send(`Nothing at ${request.method} ${request.url}: metrics are at ${ports.telemetryPath}\n`),
  );
  app.setErrorHandler(async (error: { statusCode?: number; message: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).type("text/plain; charset=utf-8").send(`${error.message}\n`);
  });
  addMetricsRoute(app, ports);
  addOperationalRoutes(app, ports);
  return app;
}
