import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { addApiRoutes } from "./routes/api-routes.ts";
import { addConfigRoute } from "./routes/config-routes.ts";
import { addGate, type GateOptions } from "./gate/gate.ts";
import type { HttpPorts } from "./routes/http-ports.ts";
import { addLifecycleRoute } from "./routes/lifecycle-route.ts";
import { addMetricsRoute } from "./routes/metrics-route.ts";
import { addOperationalRoutes } from "./routes/health-routes.ts";
import { addProbeRoute } from "./routes/probe-route.ts";
import { answerProblem } from "./site/problem.ts";
import { addSdRoute } from "./routes/sd-route.ts";
import { addUnmatched, routableUrl } from "./routes/unmatched.ts";

/** A name of 255 characters is up to nine times as long in percent-encoding; the routes know better than a length. */
const LONGEST_PARAMETER = 16 * 1024;

export type AppOptions = Omit<GateOptions, "handlerOf">;

/** The routes with all that stands before them, not yet listening: `startListeners` does that. */
export function createApp(ports: HttpPorts, options: AppOptions): FastifyInstance {
  const { site } = options;
  const { routePrefix } = site;
  const app = fastify({
    rewriteUrl: ({ url }) => routableUrl(url ?? "/"),
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
  });
  // No route reads a body, so none is ever buffered or parsed.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  addGate(app, { ...options, handlerOf });
  app.addHook("onResponse", async (request, reply) => {
    ports.observe(handlerOf(request), reply.statusCode, 1);
  });
  app.addHook("onRoute", ({ url }) => ports.observe(withoutPrefix(url), 200, 0));
  addUnmatched(app, site, ports.telemetryPath);
  app.setErrorHandler(async (error: { statusCode?: number; message: string }, _request, reply) =>
    answerProblem(reply, site, error.statusCode ?? 500, error.message),
  );
  app.register(
    async (routes) => {
      addMetricsRoute(routes, ports);
      addOperationalRoutes(routes, ports, site);
      addApiRoutes(routes, ports, site);
      addProbeRoute(routes, ports, site);
      addSdRoute(routes, ports, site);
      addConfigRoute(routes, ports);
      addLifecycleRoute(routes, ports);
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
