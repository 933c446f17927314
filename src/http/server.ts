import fastify from "fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { addGate } from "./gate.ts";
import type { GateOptions } from "./gate.ts";
import { addMetricsRoute } from "./metrics-route.ts";
import { addOperationalRoutes } from "./operational-routes.ts";
import type { HttpPorts } from "./http-ports.ts";
import type { Site } from "./site.ts";
import { addUnmatched, routableUrl } from "./unmatched.ts";

/** Names in paths are checked by the routes, which know better than a length. */
const LONGEST_PARAMETER = 16 * 1024;

export interface ServerOptions extends Omit<GateOptions, "handlerOf"> {
  readonly site: Site;
}

/** The routes with all that stands before them, not yet listening: `startServing` does that. */
export function createServer(ports: HttpPorts, { site, ...gate }: ServerOptions): FastifyInstance {
  const { routePrefix } = site;
  const app = fastify({
    rewriteUrl: ({ url }) => routableUrl(url ?? "/"),
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
  });
  // No route reads a body, so none is ever buffered or parsed.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  addGate(app, { ...gate, handlerOf });
  app.addHook("onResponse", async (request, reply) => {
    ports.observe(handlerOf(request), reply.statusCode, 1);
  });
  app.addHook("onRoute", ({ url }) => ports.observe(withoutPrefix(url), 200, 0));
  addUnmatched(app, site.linkPrefix + ports.telemetryPath);
  app.setErrorHandler(async (error: { statusCode?: number; message: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).type("text/plain; charset=utf-8").send(`${error.message}\n`);
  });
  app.register(
    async (routes) => {
      addMetricsRoute(routes, ports);
      addOperationalRoutes(routes, ports, site);
    },
    { prefix: routePrefix },
  );
  if (routePrefix !== "") app.get("/", async (_request, reply) => reply.redirect(`${routePrefix}/`, 302));
  return app;

  function handlerOf({ routeOptions: { url } }: FastifyRequest): string {
    return url === undefined ? "unmatched" : withoutPrefix(url);
  }

  function withoutPrefix(url: string): string {
    const path = url.startsWith(`${routePrefix}/`) ? url.slice(routePrefix.length) : url;
    return path === routePrefix ? "/" : path;
  }
}
