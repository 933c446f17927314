import { once } from "node:events";
import type { Server } from "node:net";

/** Where to listen: `host` is undefined for all addresses, IPv4 and IPv6. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

const ADDRESS = /^(?:\[(?<v6>[\da-fA-F:.]+(?:%[\w.-]+)?)\]|(?<name>[^:[\]\s]*)):(?<port>\d{1,5})$/;

/** Reads `host:port`, `:port` or `[::1]:port`; undefined when it is none. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const groups = ADDRESS.exec(text)?.groups;
  const port = Number(groups?.["port"]);
  if (groups === undefined || port > 65_535) return undefined;
  return { host: groups["v6"] ?? (groups["name"] === "" ? undefined : groups["name"]), port };
}

/** The address as people write it: `[::1]:13335`. */
export function formatListenAddress({ host = "", port }: ListenAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Starts listening; resolves to the address with its port, which is new when 0 was asked for. Rejects with a message for people. */
export async function listen(server: Server, address: ListenAddress): Promise<ListenAddress> {
  const { host, port } = address;
  try {
    server.listen({ host: host ?? "::", port });
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // A machine without IPv6 has no "::".
    if (host === undefined && code === "EAFNOSUPPORT") return listen(server, { host: "0.0.0.0", port });
    throw new Error(`Cannot listen on ${formatListenAddress(address)}: ${explain(code, error)}`, {
      cause: error,
    });
  }
  const bound = server.address();
  return { host, port: typeof bound === "object" && bound !== null ? bound.port : port };
}

function explain(code: unknown, error: unknown): string {
  if (code === "EADDRINUSE")
    return "the port is taken by another process, choose one with --web.listen-address";
  if (code === "EACCES") return "not permitted, ports below 1024 need a privilege";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return "this machine has no such address";
  return error instanceof Error ? error.message : String(error);
}
