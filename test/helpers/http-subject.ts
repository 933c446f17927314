import type { FastifyInstance } from "fastify";
import type { Instant } from "../../src/base/clock.ts";
import type { ExporterState } from "../../src/domain/state.ts";
import type { HttpPorts } from "../../src/http/routes/http-ports.ts";
import { createApp } from "../../src/http/app.ts";
import { type Site, siteOf } from "../../src/http/site/site.ts";
import { OPEN_WEB_CONFIG } from "../../src/http/web-config/live.ts";
import { FakeClock } from "./fake-clock.ts";
import { nextTurn } from "../../src/base/next-turn.ts";
import { createInterconnectRows } from "../../src/metrics/interconnect-rows.ts";
import { createProbe } from "../../src/metrics/probe.ts";
import { createScrape } from "../../src/metrics/scrape.ts";

export interface HttpSubject extends AsyncDisposable {
  readonly app: FastifyInstance;
}

/** A server over a state that stands still, with the real families. */
export function httpSubject(
  state: ExporterState,
  now: Instant,
  overrides: Partial<HttpPorts> = {},
  site: Site = siteOf(undefined, undefined),
): HttpSubject {
  const read = () => ({ state, now });
  const ports: HttpPorts = {
    version: "1.2.3",
    telemetryPath: "/metrics",
    read,
    scrape: createScrape(
      createInterconnectRows(() => state, nextTurn),
      async () => [],
    ),
    probe: createProbe(read),
    renderConfig: () => "poll:\n  interval: 1m\n",
    isAlive: () => true,
    whyNotReady: () => undefined,
    reload: undefined,
    observe: () => undefined,
    ...overrides,
  };
  const app = createApp(ports, {
    web: OPEN_WEB_CONFIG,
    checkPassword: () => Promise.resolve("wrong"),
    clock: new FakeClock(),
    maxRequests: 40,
    authExemptHealth: false,
    site,
  });
  return { app, [Symbol.asyncDispose]: () => app.close() };
}
