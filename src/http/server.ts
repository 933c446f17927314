import fastify from "fastify";
import type { FastifyInstance, FastifyReply } from "fastify";
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

/** Nothing of ours is to be guessed at, run, or framed. */
const PROTECTION = {
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

/** The HTTP server, not yet listening. */
export function createServer(ports: HttpPorts): FastifyInstance {
  const app = fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: "idle",
    bodyLimit: BODY_LIMIT_BYTES,
    // An address that cannot be decoded reaches no route, and no hook or handler below.
    frameworkErrors(error, _request, reply) {
      const { statusCode } = answerError(error, reply.headers(PROTECTION));
      ports.observe("unmatched", statusCode, 1);
    },
    http: { maxHeaderSize: HEADER_LIMIT_BYTES, connectionsCheckingInterval: CONNECTION_CHECK_MS },
  });
  app.addHook("onSend", async (_request, reply) => {
    reply.headers(PROTECTION);
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
  app.setErrorHandler(async (error: HttpError, _request, reply) => answerError(error, reply));
  addMetricsRoute(app, ports);
  addOperationalRoutes(app, ports);
  return app;
}

interface HttpError {
  readonly statusCode?: number;
  readonly message: string;
}

function answerError({ statusCode, message }: HttpError, reply: FastifyReply): FastifyReply {
  return reply
    .code(statusCode ?? 500)
    .type("text/plain; charset=utf-8")
    .send(`${message}\n`);
}
