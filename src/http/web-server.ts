import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { compareBcrypt } from "./gate/bcrypt.ts";
import type { HttpPorts } from "./routes/http-ports.ts";
import { formatListenAddress, type ListenAddress } from "./listeners/listen-address.ts";
import { createPasswordCheck } from "./gate/password-check.ts";
import { createApp } from "./app.ts";
import { startListeners } from "./listeners/listeners.ts";
import type { Site } from "./site/site.ts";
import { OPEN_WEB_CONFIG, openWebConfig } from "./web-config/live.ts";

/** What the `--web.*` flags say. */
export interface WebOptions {
  /** At least one. */
  readonly addresses: readonly ListenAddress[];
  readonly telemetryPath: string;
  /** Path of the web config; undefined when there is none. */
  readonly configFile: string | undefined;
  readonly site: Site;
  readonly maxRequests: number;
  readonly authExemptHealth: boolean;
}

export interface WebServer extends AsyncDisposable {
  /** The port of the first address. */
  readonly port: number;
  /** All addresses as people write them. */
  readonly addresses: readonly string[];
  readonly scheme: "http" | "https";
}

/** Reads the web config, builds the routes and serves them. Rejects with a message for people. */
export async function startWebServer(
  ports: HttpPorts,
  options: WebOptions,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<WebServer> {
  const { configFile: path, addresses, site, maxRequests, authExemptHealth } = options;
  const web = path === undefined ? OPEN_WEB_CONFIG : await openWebConfig({ path, clock, log });
  const checkPassword = createPasswordCheck({ compare: compareBcrypt, key: randomBytes(32) });
  const app = createApp(ports, { web, checkPassword, clock, site, maxRequests, authExemptHealth });
  const healthPath = `${site.routePrefix}/-/healthy`;
  const listeners = await startListeners({ app, addresses, web, healthPath, clock, log });
  return {
    port: listeners.addresses[0]?.port ?? 0,
    addresses: listeners.addresses.map(formatListenAddress),
    scheme: listeners.scheme,
    [Symbol.asyncDispose]: () => listeners[Symbol.asyncDispose](),
  };
}
