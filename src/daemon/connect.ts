import { type ApiClient, createClient } from "../api/client.ts";
import type { ApiRequest } from "../domain/api-request.ts";
import { proxyFor } from "../api/proxy-for.ts";
import type { Clock } from "../base/clock.ts";
import type { Config } from "../config/config.ts";

/** How a configuration gets its client; a test may hand in one without a network. */
export type Connect = (config: Config, observe: (request: ApiRequest) => void) => ApiClient;

/** Connects for real: to the API's origin, through the proxy of the configuration or else of the environment. */
export function connector(
  version: string,
  clock: Clock,
  env: Readonly<Record<string, string | undefined>>,
): Connect {
  return ({ api, poll }, observe) => {
    const proxyUrl = api.proxyUrl?.reveal() ?? proxyFor(api.baseUrl, env);
    return createClient({
      baseUrl: api.baseUrl,
      connections: poll.concurrency,
      userAgent: `cloudflare-interconnect-exporter/${version}`,
      clock,
      observe,
      ca: api.ca?.certificates,
      proxy: proxyUrl === undefined ? undefined : { url: proxyUrl },
    });
  };
}
