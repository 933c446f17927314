import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { addGate, type GateOptions } from "./gate/gate.ts";
import type { HttpPorts } from "./http-ports.ts";
import type { EventStreams } from "./routes/event-streams.ts";
import { addRoutes } from "./routes/routes.ts";
import { routableUrl } from "./routes/unmatched.ts";
import { answerProblem } from "./problem.ts";

/** A name of 255 characters is up to nine times as long in percent-encoding; the routes know better than a length. */
const LONGEST_PARAMETER = 16 * 1024;

export interface AppOptions extends Omit<GateOptions, "handlerOf"> {
  readonly streams: EventStreams;
}

/** The routes with the gate before them, not yet listening: `startListeners` does that. */
export function createApp(ports: HttpPorts, options: AppOptions): FastifyInstance {
  const { site, streams } = options;
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
  app.setErrorHandler(async (error: { statusCode?: number; message: string }, _request, reply) =>
    answerProblem(reply, site, error.statusCode ?? 500, error.message),
  );
  addRoutes(app, ports, site, streams);
  return app;

  function handlerOf({ routeOptions: { url } }: FastifyRequest): string {
    return url === undefined ? "unmatched" : withoutPrefix(url);
  }

  function withoutPrefix(url: string): string {
    const { routePrefix } = site;
    const path = url.startsWith(`${routePrefix}/`) ? url.slice(routePrefix.length) : url;
    return path === routePrefix ? "/" : path;
  }
}
