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
