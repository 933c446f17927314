/**
 * Whether the host of a URL, as `URL` writes it, is this machine whatever resolves names: `localhost`, `127.0.0.0/8`
 * and `::1`. Not the names under `localhost`, which some resolvers ask the network for.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
