import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { descriptorLimit } from "../base/descriptor-limit.ts";
import type { Log } from "../base/log.ts";
import { createApp } from "./app.ts";
import { createPasswordCheck } from "./gate/password-check.ts";
import { mostClients as mostClientsFor } from "./listeners/clients.ts";
import type { HandedSocket } from "./listeners/handed-sockets.ts";
import type { ListenAddress } from "./listeners/listen-address.ts";
import { startListeners } from "./listeners/listeners.ts";
import { type Handler, TIME_LIMITS, type TimeLimits } from "./listeners/protocol.ts";
import type { HttpPorts } from "./http-ports.ts";
import type { Site } from "./site.ts";
import { OPEN_WEB_CONFIG, openWebConfig } from "./web-config/live.ts";

/** What the `--web.*` flags say. */
export interface WebOptions {
  /** At least one. */
  readonly addresses: readonly ListenAddress[];
  /** Sockets to listen on in place of the addresses; at least one, if any. */
  readonly sockets?: readonly HandedSocket[] | undefined;
  readonly telemetryPath: string;
  /** Path of the web config; undefined when there is none. */
  readonly configFile: string | undefined;
  readonly site: Site;
  readonly maxRequests: number;
  readonly authExemptHealth: boolean;
}

interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
  readonly timeLimits?: TimeLimits;
  /** @default what the limit of descriptors leaves */
  readonly mostClients?: number;
}

/** The app behind its listeners. Disposing lets requests under way end, for a while. */
export interface WebServer extends AsyncDisposable {
  /** The first one; 0 when all are Unix-domain sockets. */
  readonly port: number;
  /** All addresses as people write them. */
  readonly addresses: readonly string[];
  readonly scheme: "http" | "https";
}

/** Reads the web config, builds the app and listens for it. Rejects with a message for people. */
export async function startWebServer(
  ports: HttpPorts,
  options: WebOptions,
  { clock, log, timeLimits = TIME_LIMITS, mostClients = mostClientsFor(descriptorLimit()) }: Surroundings,
): Promise<WebServer> {
  const { configFile: path, site, maxRequests, authExemptHealth } = options;
  const web = path === undefined ? OPEN_WEB_CONFIG : await openWebConfig({ path, clock, log });
  const checkPassword = createPasswordCheck({ key: randomBytes(32) });
  await using started = new AsyncDisposableStack();
  const app = createApp(ports, { web, checkPassword, clock, site, maxRequests, authExemptHealth });
  started.defer(() => app.close());
  await app.ready();
  const healthPath = `${site.routePrefix}/-/healthy`;
  const places = options.sockets ?? options.addresses;
  const handler: Handler = (request, response) => app.routing(request, response);
  const listeners = started.use(
    await startListeners({
      handler,
      places,
      web,
      healthPath,
      timeLimits,
      mostClients,
      onDropped: ports.connectionDropped,
      clock,
      log,
    }),
  );
  const running = started.move();
  return {
    port: listeners.port,
    addresses: listeners.addresses,
    scheme: listeners.scheme,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
