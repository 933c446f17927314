import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { text } from "node:stream/consumers";
import { once } from "node:events";
import { healthProof } from "../http/gate/health-proof.ts";
import { formatListenAddress } from "../http/listeners/listen-address.ts";
import type { WebSettings } from "../http/web-config/settings.ts";
import type { CommandContext } from "./command.ts";
import { FLAGS } from "./flags.ts";
import { readWebConfig } from "./read-web-config.ts";
import { webOptionsOf } from "./web-options.ts";

const TIMEOUT_MS = 3000;
const LOOPBACK = new Map([
  [undefined, "127.0.0.1"],
  ["0.0.0.0", "127.0.0.1"],
  ["::", "::1"],
]);

/**
 * `healthcheck`: 0 when the daemon on this machine says that it is healthy, else 1. Given the same web config it
 * needs no password: that it can read the file, and the key of the certificate, is proof enough.
 */
export async function healthcheck(context: CommandContext): Promise<number> {
  const { args, print, printError } = context;
  const { addresses, site } = webOptionsOf(args, FLAGS["web.listen-address"].default);
  // Nothing is checked by a password here.
  const settings = await readWebConfig(context, () => Promise.resolve(undefined));
  if (settings === undefined) return 1;
  const { host, port } = addresses[0] ?? { host: undefined, port: 0 };
  const scheme = settings.tls === undefined ? "http" : "https";
  const address = formatListenAddress({ host: LOOPBACK.get(host) ?? host, port });
  const url = `${scheme}://${address}${site.routePrefix}/-/healthy`;
  try {
    const response = await ask(url, settings);
    const body = await text(response);
    if (response.statusCode === 200) {
      print(body);
      return 0;
    }
    printError(`${url} answered ${response.statusCode}: ${body}`);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    printError(`${url} does not answer: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  }
  return 1;
}

async function ask(url: string, settings: WebSettings): Promise<IncomingMessage> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const headers = settings.users.size === 0 ? {} : { authorization: healthProof(settings) };
  const { cert, key } = settings.tls?.context ?? {};
  const request =
    settings.tls === undefined
      ? plainRequest(url, { signal, headers })
      : // The certificate is for the name by which others know this machine.
        secureRequest(url, { signal, headers, cert, key, rejectUnauthorized: false, servername: "" });
  request.end();
  const [response] = await once(request, "response");
  return response;
}
