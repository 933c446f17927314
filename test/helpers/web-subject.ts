import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { HttpPorts } from "../../src/http/routes/http-ports.ts";
import { startWebServer, type WebOptions, type WebServer } from "../../src/http/web-server.ts";
import { scrapeOf } from "./scrape-body.ts";
import { webOptions } from "./web-options.ts";
import { createSinkLog, type SinkLog } from "./sink-log.ts";

/** What the routes read, without a daemon behind them. */
export const PORTS: HttpPorts = {
  version: "1.2.3",
  telemetryPath: "/metrics",
  read: () => {
    throw new Error("Expected no page to be asked for");
  },
  scrape: scrapeOf("metric 1\n"),
  probe: () => undefined,
  renderConfig: () => "",
  isAlive: () => true,
  whyNotReady: () => undefined,
  reload: undefined,
  observe: () => undefined,
};

export interface WebSubject extends WebServer {
  readonly log: SinkLog;
}

/** The whole web server on a free port of 127.0.0.1. */
export async function startWebSubject(
  options: Partial<WebOptions> = {},
  ports: Partial<HttpPorts> = {},
  clock: Clock = systemClock,
): Promise<WebSubject> {
  const log = createSinkLog();
  const server = await startWebServer(
    { ...PORTS, ...ports },
    { ...webOptions(), ...options },
    { clock, log },
  );
  return { ...server, log, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
