import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { compareBcrypt } from "./bcrypt.ts";
import type { HttpPorts } from "./http-ports.ts";
import { formatListenAddress, type ListenAddress } from "./listen.ts";
import { createPasswordCheck } from "./password-check.ts";
import { createServer } from "./server.ts";
import { startServing } from "./serve.ts";
import type { Site } from "./site.ts";
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
  const app = createServer(ports, { web, checkPassword, clock, site, maxRequests, authExemptHealth });
  const healthPath = `${site.routePrefix}/-/healthy`;
  const serving = await startServing({ app, addresses, web, healthPath, clock, log });
  return {
    port: serving.addresses[0]?.port ?? 0,
    addresses: serving.addresses.map(formatListenAddress),
    scheme: serving.scheme,
    [Symbol.asyncDispose]: () => serving[Symbol.asyncDispose](),
  };
}
