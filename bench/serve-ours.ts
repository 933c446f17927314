import { systemClock } from "../src/base/clock.ts";
import type { Log } from "../src/base/log.ts";
import type { HttpPorts } from "../src/http/http-ports.ts";
import { startWebServer } from "../src/http/web-server.ts";
import { PORTS } from "../test/helpers/http-ports.ts";
import { webOptions } from "../test/helpers/web-options.ts";

const ignore = (): void => undefined;
export const SILENT: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => SILENT };

/** The exporter's own web server on loopback, with the gate before it and nothing but the metrics behind. */
export async function serveOurs(
  ports: Pick<HttpPorts, "read" | "scrape" | "observe">,
  port: number,
): Promise<number> {
  const whole = { ...PORTS, ...ports };
  return (await startWebServer(whole, webOptions(port), { clock: systemClock, log: SILENT })).port;
}
