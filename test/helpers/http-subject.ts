import type { FastifyInstance } from "fastify";
import { type AppOptions, createApp } from "../../src/http/app.ts";
import type { HttpPorts } from "../../src/http/http-ports.ts";
import { siteOf } from "../../src/http/site.ts";
import { OPEN_WEB_CONFIG } from "../../src/http/web-config/live.ts";
import { createEventStreams } from "../../src/http/routes/event-streams.ts";
import { watchPicture } from "../../src/http/routes/events-route.ts";
import { FakeClock } from "./fake-clock.ts";
import { PORTS } from "./http-ports.ts";

export interface HttpSubject extends AsyncDisposable {
  readonly app: FastifyInstance;
}

/** The app, gate and routes, to be asked by `inject`. */
export function httpSubject(ports: Partial<HttpPorts> = {}, options: Partial<AppOptions> = {}): HttpSubject {
  const clock = options.clock ?? new FakeClock();
  const site = siteOf(undefined, undefined);
  const allPorts = { ...PORTS, ...ports };
  const watch = (): ReturnType<typeof watchPicture> => watchPicture(allPorts, options.site ?? site);
  const streams = createEventStreams({ most: 1000, watch, clock });
  const app = createApp(allPorts, {
    web: OPEN_WEB_CONFIG,
    checkPassword: async () => "wrong",
    clock,
    maxRequests: 40,
    authExemptHealth: false,
    site,
    streams,
    ...options,
  });
  return {
    app,
    [Symbol.asyncDispose]: async () => {
      streams.close();
      await app.close();
    },
  };
}
