import { type ListenAddress, parseListenAddress } from "../http/listeners/listen-address.ts";
import type { WebOptions } from "../http/web-server.ts";
import { UsageError } from "./flag-values.ts";
import { type Arguments } from "./flags.ts";

/** The `--web.*` flags as the server takes them. Throws a UsageError. */
export function webOptionsOf(args: Arguments, defaultAddress: string): WebOptions {
  const { listenAddresses, telemetryPath, webConfigFile, site, maxRequests, authExemptHealth } = args;
  const addresses = listenAddresses.length === 0 ? [defaultAddress] : listenAddresses;
  return {
    addresses: addresses.map(listenAddressOf),
    telemetryPath,
    configFile: webConfigFile,
    site,
    maxRequests,
    authExemptHealth,
  };
}

/** Reads one `--web.listen-address`. Throws a UsageError. */
export function listenAddressOf(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address === undefined) {
    throw new UsageError(`--web.listen-address: expected host:port, :port or [::1]:port, got "${text}"`);
  }
  return address;
}
