import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { once } from "node:events";
import { formatProblem } from "../document/problems.ts";
import { healthProof } from "../http/health-proof.ts";
import { formatListenAddress } from "../http/listen.ts";
import { loadWebConfig } from "../http/web-config/load.ts";
import { OPEN } from "../http/web-config/settings.ts";
import type { WebSettings } from "../http/web-config/settings.ts";
import type { CommandContext } from "./command.ts";
import { FLAGS } from "./flags.ts";
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
export async function healthcheck({ args, print, printError }: CommandContext): Promise<number> {
  const { addresses, site, configFile } = webOptionsOf(args, FLAGS["web.listen-address"].default);
  const settings = configFile === undefined ? OPEN : await readSettings(configFile, printError);
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

async function readSettings(
  path: string,
  printError: (text: string) => void,
): Promise<WebSettings | undefined> {
  const { result } = await loadWebConfig(path);
  if (result.kind === "good") return result.settings;
  for (const problem of result.problems) printError(`${formatProblem(path, problem)}\n`);
  return undefined;
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
