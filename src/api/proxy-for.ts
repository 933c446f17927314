import { BlockList, isIP } from "node:net";
import { isLoopback } from "../base/loopback.ts";

/**
 * The URL of the proxy that the environment asks for, undefined for none: HTTPS_PROXY or HTTP_PROXY by the API's
 * scheme, unless NO_PROXY exempts its host. Lower case wins, as in curl; an empty variable counts as unset.
 */
export function proxyFor(
  origin: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const url = new URL(origin);
  const host = bareHost(url.hostname);
  const named = variable(env, url.protocol === "https:" ? "https_proxy" : "http_proxy");
  // Plain HTTP on this machine is a simulator's; another machine's loopback is never meant.
  if (named === undefined || (url.protocol === "http:" && isLoopback(url.hostname))) return undefined;
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  const exempt = (variable(env, "no_proxy") ?? "").split(/[\s,]+/).some((rule) => exempts(rule, host, port));
  if (exempt) return undefined;
  return /^[a-z][a-z\d+.-]*:\/\//i.test(named) ? named : `http://${named}`;
}

function variable(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const values = [env[name], env[name.toUpperCase()]].map((value) => value?.trim() ?? "");
  return values.find((value) => value !== "");
}

/** `*`, a host with or without its subdomains, an address or a CIDR range; each may end in a port. */
function exempts(rule: string, host: string, port: string): boolean {
  if (rule === "*") return true;
  const parts = /^(?:\[(?<inner>[^\]]+)\]|(?<outer>[^:]+))(?::(?<port>\d+))?$/.exec(rule)?.groups;
  if (parts?.["port"] !== undefined && parts["port"] !== port) return false;
  const pattern = bareHost(parts?.["inner"] ?? parts?.["outer"] ?? rule);
  if (isIP(host) !== 0) return holdsAddress(pattern, host);
  const name = pattern.replace(/^\*?\./, "");
  return name !== "" && (host === name || host.endsWith(`.${name}`));
}

function holdsAddress(pattern: string, host: string): boolean {
  const [network = "", bits] = pattern.split("/", 2);
  const width = { 0: 0, 4: 32, 6: 128 }[isIP(network)] ?? 0;
  const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : width + 1;
  if (width === 0 || prefix > width) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family(network));
  return list.check(host, family(host));
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** Lower case, without the brackets of an IPv6 address and the dot of an absolute name. */
function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}
