import { Socket, isIPv6 } from "node:net";
import type { SecureContext } from "node:tls";
import { buildConnector, Pool } from "undici";
import type { Proxy } from "../base/proxy-url.ts";

/** A failure on the way to or at a forward proxy, before a connection to the API exists. Holds no part of the proxy's credential. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  /** The proxy's answer to CONNECT; undefined when it did not answer, and `cause` tells why. */
  readonly status: number | undefined;

  constructor(status: number | undefined, cause?: unknown) {
    super(status === undefined ? "The proxy did not answer" : `The proxy answered HTTP ${status}`, { cause });
    this.status = status;
  }
}

/** Makes connections that go through a proxy. Closing it ends those that are being made. */
export interface ProxyConnector extends AsyncDisposable {
  readonly connect: buildConnector.connector;
}

/**
 * A connector for undici's pools: CONNECT to the proxy for plain HTTP too, then TLS with the API itself. Not undici's
 * ProxyAgent: that waits five minutes for an answer to CONNECT, and tells a refusal by a text alone.
 */
export function createProxyConnector(
  proxy: Proxy,
  tls: { readonly secureContext?: SecureContext },
  timeoutMs: number,
  options: Pool.Options,
): ProxyConnector {
  const pool = new Pool(proxy.origin, { ...options, headersTimeout: timeoutMs });
  const secure = buildConnector({ ...tls, allowH2: false, timeout: timeoutMs });
  return {
    connect: (target, callback) => {
      const authority = authorityOf(target);
      const headers = { host: authority, ...authorizationOf(proxy) };
      // A ProxyError has no code of undici's own, some of which would make the pool try again for ever.
      pool.connect({ path: authority, headers }, (error, answer) => {
        if (error !== null) return callback(new ProxyError(undefined, error), null);
        const { statusCode, socket } = answer;
        if (statusCode < 200 || statusCode > 299 || !(socket instanceof Socket)) {
          socket.on("error", () => undefined).destroy();
          return callback(new ProxyError(statusCode), null);
        }
        return target.protocol === "https:"
          ? secure({ ...target, httpSocket: socket }, callback)
          : callback(null, socket);
      });
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

/** Host and port, as CONNECT wants them: with the port even where it is the usual one. */
function authorityOf({ hostname, port, protocol }: buildConnector.Options): string {
  const host = isIPv6(hostname) ? `[${hostname}]` : hostname;
  if (port !== "") return `${host}:${port}`;
  return `${host}:${protocol === "https:" ? 443 : 80}`;
}

function authorizationOf({ authorization }: Proxy): Readonly<Record<string, string>> {
  return authorization === undefined ? {} : { "proxy-authorization": authorization.reveal() };
}
