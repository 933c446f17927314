import { siteOf } from "../../src/http/site.ts";
import type { WebOptions } from "../../src/http/web-server.ts";

/** One address of 127.0.0.1 and the defaults of everything else; a free port unless one is given. */
export function webOptions(port = 0): WebOptions {
  return {
    addresses: [{ host: "127.0.0.1", port }],
    telemetryPath: "/metrics",
    configFile: undefined,
    site: siteOf(undefined, undefined),
    maxRequests: 40,
    authExemptHealth: false,
  };
}
