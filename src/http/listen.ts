import type { FastifyInstance } from "fastify";

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

/** Starts listening; resolves to the port, which is new when 0 was asked for. Rejects with a message for people. */
export async function listen(app: FastifyInstance, { host, port }: ListenAddress): Promise<number> {
  try {
    await app.listen({ host: host ?? "::", port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // A machine without IPv6 has no "::".
    if (host === undefined && code === "EAFNOSUPPORT") return listen(app, { host: "0.0.0.0", port });
    const written = host?.includes(":") === true ? `[${host}]` : (host ?? "");
    throw new Error(`Cannot listen on ${written}:${port}: ${explain(code, error)}`, { cause: error });
  }
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function explain(code: unknown, error: unknown): string {
  if (code === "EADDRINUSE")
    return "the port is taken by another process, choose one with --web.listen-address";
  if (code === "EACCES") return "not permitted, ports below 1024 need a privilege";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return "this machine has no such address";
  return error instanceof Error ? error.message : String(error);
}
