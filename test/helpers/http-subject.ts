import type { FastifyInstance } from "fastify";
import type { Instant } from "../../src/base/clock.ts";
import type { ExporterState } from "../../src/domain/state.ts";
import type { HttpPorts } from "../../src/http/http-ports.ts";
import { createServer } from "../../src/http/server.ts";
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
): HttpSubject {
  const read = () => ({ state, now });
  const app = createServer({
    version: "1.2.3",
    telemetryPath: "/metrics",
    read,
    scrape: createScrape(read, createInterconnectRows(), async () => []),
    probe: createProbe(read, createInterconnectRows()),
    renderConfig: () => "poll:\n  interval: 1m\n",
    externalUrl: undefined,
    routePrefix: "",
    isAlive: () => true,
    whyNotReady: () => undefined,
    observe: () => undefined,
    ...overrides,
  });
  return { app, [Symbol.asyncDispose]: () => app.close() };
}
