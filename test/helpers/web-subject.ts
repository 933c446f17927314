import { systemClock } from "../../src/base/clock.ts";
import type { HttpPorts } from "../../src/http/http-ports.ts";
import { startWebServer, type WebOptions, type WebServer } from "../../src/http/web-server.ts";
import { PORTS } from "./http-ports.ts";
import { createSinkLog, type SinkLog } from "./sink-log.ts";
import { webOptions } from "./web-options.ts";

export interface WebSubject extends WebServer {
  readonly log: SinkLog;
}

type Surroundings = Partial<Omit<Parameters<typeof startWebServer>[2], "log">>;

/** The whole web server on a free port of 127.0.0.1. */
export async function startWebSubject(
  options: Partial<WebOptions> = {},
  ports: Partial<HttpPorts> = {},
  surroundings: Surroundings = {},
): Promise<WebSubject> {
  const log = createSinkLog();
  const server = await startWebServer(
    { ...PORTS, ...ports },
    { ...webOptions(), ...options },
    { clock: systemClock, ...surroundings, log },
  );
  return { ...server, log };
}
