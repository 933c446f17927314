import { systemClock } from "../src/base/clock.ts";
import type { Log } from "../src/base/log.ts";
import type { HttpPorts } from "../src/http/routes/http-ports.ts";
import { siteOf } from "../src/http/site/site.ts";
import { startWebServer } from "../src/http/web-server.ts";

const ignore = (): void => undefined;
export const SILENT: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => SILENT };

/** The exporter's own web server on loopback, with the gate before it and nothing but the metrics behind. */
export async function serveOurs(
  ports: Pick<HttpPorts, "read" | "scrape" | "observe">,
  port: number,
): Promise<number> {
  const whole: HttpPorts = {
    version: "bench",
    telemetryPath: "/metrics",
    probe: () => undefined,
    renderConfig: () => "",
    isAlive: () => true,
    whyNotReady: () => undefined,
    reload: undefined,
    ...ports,
  };
  const options = {
    addresses: [{ host: "127.0.0.1", port }],
    telemetryPath: "/metrics",
    configFile: undefined,
    site: siteOf(undefined, undefined),
    maxRequests: 40,
    authExemptHealth: false,
  };
  return (await startWebServer(whole, options, { clock: systemClock, log: SILENT })).port;
}
