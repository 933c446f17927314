import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { LiveWebConfig } from "../web-config/live.ts";
import { createConnections } from "./connections.ts";
import { formatHandedSocket, type HandedSocket } from "./handed-sockets.ts";
import { formatListenAddress, type ListenAddress } from "./listen-address.ts";
import { createPlainProtocol, type Handler, type TimeLimits } from "./protocol.ts";
import { createSecureProtocol } from "./secure-protocol.ts";

export interface ListenersOptions {
  /** Answers every request of every address. */
  readonly handler: Handler;
  /** At least one. */
  readonly places: readonly (ListenAddress | HandedSocket)[];
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
  /** As people write them, in the order asked for, with the ports that they got. */
  readonly addresses: readonly string[];
  /** The first one; 0 when all are Unix-domain sockets. */
  readonly port: number;
  readonly scheme: "http" | "https";
}

/** Where one listener listens: a port, or a Unix-domain socket. */
interface Listened {
  readonly address: string;
  readonly port: number | undefined;
}

/** Listens in all places. Rejects with a message for people when one of them cannot be had. */
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
  const listened: Listened[] = [];
  for (const place of options.places) {
    // A TLS handshake waits for a look at the web config: nothing may be read before.
    const listener = createServer({ noDelay: true, pauseOnConnect: tls !== undefined }, connections.accept);
    listened.push("fd" in place ? await listenOn(listener, place) : await listen(listener, place));
    listening.push(listener);
    listener.on("error", (error) => log.warn({ err: error }, "Cannot accept a connection"));
  }
  const running = started.move();
  return {
    addresses: listened.map(({ address }) => address),
    port: listened.find(({ port }) => port !== undefined)?.port ?? 0,
    scheme: tls === undefined ? "http" : "https",
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Resolves to the address with its port, which is new when 0 was asked for. Rejects with a message for people. */
async function listen(listener: Server, address: ListenAddress): Promise<Listened> {
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
  const got = typeof bound === "object" && bound !== null ? bound.port : port;
  return { address: formatListenAddress({ host, port: got }), port: got };
}

/** Takes a socket over. Whoever made it keeps it, so that who connects between two processes waits for the next one. */
async function listenOn(listener: Server, socket: HandedSocket): Promise<Listened> {
  const name = formatHandedSocket(socket);
  try {
    listener.listen({ fd: socket.fd });
    await once(listener, "listening");
  } catch (error) {
    throw new Error(
      `Cannot listen on ${name}, which systemd handed over: expected a stream socket that listens, as ListenStream= with Accept=no makes it`,
      { cause: error },
    );
  }
  const bound = listener.address();
  // Of a Unix-domain socket that it did not make Node knows no path.
  if (typeof bound !== "object" || bound === null) return { address: name, port: undefined };
  return { address: formatListenAddress({ host: bound.address, port: bound.port }), port: bound.port };
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
