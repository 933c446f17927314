import type { CommandContext } from "./command.ts";
import { FLAGS } from "./flags.ts";
import { listenAddressOf } from "./run.ts";

const TIMEOUT_MS = 3000;
const ANY_ADDRESS = new Set([undefined, "0.0.0.0", "::"]);

/** `healthcheck`: 0 when the daemon on this machine says that it is healthy, else 1. */
export async function healthcheck({ args, print, printError }: CommandContext): Promise<number> {
  const { host, port } = listenAddressOf(args.listenAddress ?? FLAGS["web.listen-address"].default);
  const name = ANY_ADDRESS.has(host) ? "127.0.0.1" : host;
  const url = `http://${name?.includes(":") === true ? `[${name}]` : name}:${port}/-/healthy`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
    const text = await response.text();
    if (response.ok) {
      print(text);
      return 0;
    }
    printError(`${url} answered ${response.status}: ${text}`);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    printError(`${url} does not answer: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  }
  return 1;
}
