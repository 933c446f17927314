import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Identity } from "./issue-certificate.ts";

/** A forward proxy that knows CONNECT alone, and leads every tunnel to one port of 127.0.0.1. */
export interface ForwardProxy extends AsyncDisposable {
  /** With the scheme, without credentials. */
  readonly url: string;
  readonly host: string;
  /** What was asked for by CONNECT, in order. */
  readonly tunnels: readonly string[];
  /** The `Proxy-Authorization` of each CONNECT. */
  readonly authorizations: readonly (string | undefined)[];
  /** Requests that were no CONNECT. */
  readonly others: readonly string[];
  /** Tunnels open now, and the most there ever were. */
  readonly open: () => number;
  readonly mostOpen: () => number;
}

export interface ForwardProxyOptions {
  /** Port of 127.0.0.1 to which all tunnels lead. */
  readonly to: number;
  /** `user:password` that it wants. @default nobody's */
  readonly credential?: string;
  /** Speaks TLS itself. @default plain HTTP */
  readonly identity?: Identity;
  /** Answers a CONNECT in place of the tunnel. */
  readonly answer?: (socket: Duplex) => void;
}

export async function startForwardProxy(options: ForwardProxyOptions): Promise<ForwardProxy> {
  const { to, credential, identity, answer } = options;
  const tunnels: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const others: string[] = [];
  const sockets = new Set<Socket>();
  let open = 0;
  let mostOpen = 0;
  const server = identity === undefined ? createHttpServer() : createHttpsServer(identity);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("request", (request: IncomingMessage) => {
    others.push(`${request.method ?? ""} ${request.url ?? ""}`);
    request.socket.destroy();
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    const authorization = request.headers["proxy-authorization"];
    tunnels.push(request.url ?? "");
    authorizations.push(authorization);
    socket.on("error", () => undefined);
    if (answer !== undefined) return answer(socket);
    const wanted = `Basic ${Buffer.from(credential ?? "").toString("base64")}`;
    if (credential !== undefined && authorization !== wanted) {
      socket.end("HTTP/1.1 407 X\r\nproxy-authenticate: Basic\r\ncontent-length: 6\r\n\r\ngo off");
      return undefined;
    }
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    const upstream = connect(to, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.destroy());
    upstream.on("close", () => {
      open -= 1;
      socket.destroy();
    });
    socket.on("close", () => upstream.destroy());
    return undefined;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${identity === undefined ? "http" : "https"}://${host}`,
    host,
    tunnels,
    authorizations,
    others,
    open: () => open,
    mostOpen: () => mostOpen,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
