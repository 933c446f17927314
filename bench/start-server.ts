import { systemClock } from "../src/base/clock.ts";
import type { Log } from "../src/base/log.ts";
import type { HttpPorts } from "../src/http/http-ports.ts";
import { siteOf } from "../src/http/site.ts";
import { startWebServer } from "../src/http/web-server.ts";

const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};

/** The daemon's web server as its defaults have it, on loopback, over the state and the scrape that are measured. */
export async function startServer(
  port: number,
  measured: Pick<HttpPorts, "read" | "scrape" | "observe">,
): Promise<number> {
  const ports: HttpPorts = {
    version: "bench",
    telemetryPath: "/metrics",
    probe: () => undefined,
    renderConfig: () => "",
    isAlive: () => true,
    whyNotReady: () => undefined,
    reload: undefined,
    ...measured,
  };
  const options = {
    addresses: [{ host: "127.0.0.1", port }],
    telemetryPath: "/metrics",
    configFile: undefined,
    site: siteOf(undefined, undefined),
    maxRequests: 40,
    authExemptHealth: false,
  };
  const server = await startWebServer(ports, options, { clock: systemClock, log: SILENT });
  return server.port;
}
