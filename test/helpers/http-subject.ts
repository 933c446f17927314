import type { FastifyInstance } from "fastify";
import { type AppOptions, createApp } from "../../src/http/app.ts";
import type { HttpPorts } from "../../src/http/http-ports.ts";
import { siteOf } from "../../src/http/site.ts";
import { OPEN_WEB_CONFIG } from "../../src/http/web-config/live.ts";
import { FakeClock } from "./fake-clock.ts";
import { PORTS } from "./http-ports.ts";

export interface HttpSubject extends AsyncDisposable {
  readonly app: FastifyInstance;
}

/** The app, gate and routes, to be asked by `inject`. */
export function httpSubject(ports: Partial<HttpPorts> = {}, options: Partial<AppOptions> = {}): HttpSubject {
  const app = createApp(
    { ...PORTS, ...ports },
    {
      web: OPEN_WEB_CONFIG,
      checkPassword: async () => "wrong",
      clock: new FakeClock(),
      maxRequests: 40,
      authExemptHealth: false,
      site: siteOf(undefined, undefined),
      ...options,
    },
  );
  return { app, [Symbol.asyncDispose]: () => app.close() };
}
