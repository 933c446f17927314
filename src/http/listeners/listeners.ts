import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { LiveWebConfig } from "../web-config/live.ts";
import { createConnections } from "./connections.ts";
import { formatListenAddress, type ListenAddress } from "./listen-address.ts";
import { createPlainProtocol, type Handler, type TimeLimits } from "./protocol.ts";
import { createSecureProtocol } from "./secure-protocol.ts";

export interface ListenersOptions {
  /** Answers every request of every address. */
  readonly handler: Handler;
  /** At least one. */
  readonly addresses: readonly ListenAddress[];
  readonly web: LiveWebConfig;
  /** Path of the health check, with the prefix. */
  readonly healthPath: string;
  readonly timeLimits: TimeLimits;
  /** Connections at once, of all addresses. */
  readonly mostClients: number;
  /** Told of each connection that was closed for want of room. */
  readonly onDropped: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** What listens. Disposing lets answers under way end, then cuts what is left. */
export interface Listeners extends AsyncDisposable {
  /** In the order asked for, with the ports that they got. */
  readonly addresses: readonly ListenAddress[];
  readonly scheme: "http" | "https";
}

/** Listens on all addresses. Rejects with a message for people when one of them cannot be had. */
export async function startListeners(options: ListenersOptions): Promise<Listeners> {
  const { web, timeLimits, log } = options;
  const { tls, http2 } = web.last().settings;
  const connections = createConnections({
    ...options,
    speak: (handler) =>
      tls === undefined
        ? createPlainProtocol(handler, timeLimits)
        : createSecureProtocol({ ...options, handler, tls, http2 }),
  });
  const listening: Server[] = [];
  await using started = new AsyncDisposableStack();
  started.defer(() => connections.stop());
  started.defer(() => connections.drain(Promise.all(listening.map(close))));
  const addresses: ListenAddress[] = [];
  for (const address of options.addresses) {
    // A TLS handshake waits for a look at the web config: nothing may be read before.
    const listener = createServer({ noDelay: true, pauseOnConnect: tls !== undefined }, connections.accept);
    addresses.push(await listen(listener, address));
    listening.push(listener);
    listener.on("error", (error) => log.warn({ err: error }, "Cannot accept a connection"));
  }
  const running = started.move();
  return {
    addresses,
    scheme: tls === undefined ? "http" : "https",
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Resolves to the address with its port, which is new when 0 was asked for. Rejects with a message for people. */
async function listen(listener: Server, address: ListenAddress): Promise<ListenAddress> {
  const { host, port } = address;
  try {
    listener.listen({ host: host ?? "::", port });
    await once(listener, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // A machine without IPv6 has no "::".
    if (host === undefined && code === "EAFNOSUPPORT") return listen(listener, { host: "0.0.0.0", port });
    throw new Error(`Cannot listen on ${formatListenAddress(address)}: ${explain(code, error)}`, {
      cause: error,
    });
  }
  const bound = listener.address();
  return { host, port: typeof bound === "object" && bound !== null ? bound.port : port };
}

function explain(code: unknown, error: unknown): string {
  if (code === "EADDRINUSE")
    return "the port is taken by another process, choose one with --web.listen-address";
  if (code === "EACCES") return "not permitted, ports below 1024 need a privilege";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return "this machine has no such address";
  return error instanceof Error ? error.message : String(error);
}

/** Accepts no more; resolves when the last connection of this listener is closed. */
async function close(listener: Server): Promise<void> {
  await new Promise((resolve) => {
    listener.close(resolve);
  });
}
