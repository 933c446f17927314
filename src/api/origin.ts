import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { type Dispatcher, Pool } from "undici";
import { certificatesIn } from "../base/certificates.ts";
import { parseProxyUrl } from "../base/proxy-url.ts";
import { createProxyConnector } from "./proxy-connector.ts";

export interface OriginOptions {
  /** Most connections at a time; further requests wait for one. */
  readonly connections: number;
  /** PEM text of further CA certificates, trusted beside the built-in ones. */
  readonly ca?: string | undefined;
  /** A forward proxy, for all requests; its URL may hold a user and a password. @default none */
  readonly proxy?: { readonly url: string } | undefined;
}

/** The way to one origin. Closing it ends what is in flight. */
export interface Origin extends AsyncDisposable {
  readonly dispatcher: Dispatcher;
  /** Host, port and proxy, for messages. */
  readonly host: string;
}

/** Within a poll's usual deadline of 10 s, so that a lost handshake leaves time for another. */
const CONNECT_TIMEOUT_MS = 4000;
/** Long enough for polls that follow each other, short enough that a changed DNS answer or a lost path is soon noticed. */
const KEEP_ALIVE_MS = 20_000;
/** Node gives each address 250 ms at first, too little for a far or lossy path. */
const ADDRESS_ATTEMPT_MS = 1000;

/** HTTP/1.1 alone: over one HTTP/2 connection a single stall would hit all polls. */
const POOL_OPTIONS = {
  pipelining: 1,
  allowH2: false,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  keepAliveMaxTimeout: KEEP_ALIVE_MS,
} as const satisfies Pool.Options;

/** Opens nothing yet. Throws an Error for CA certificates or a proxy URL that cannot be used. */
export function createOrigin(base: URL, options: OriginOptions): Origin {
  const { connections, ca, proxy } = options;
  const tls = ca === undefined || ca === "" ? {} : { secureContext: trustAlso(ca) };
  if (proxy === undefined) {
    const pool = new Pool(base.origin, { ...POOL_OPTIONS, connections, connect: tls });
    return { dispatcher: pool, host: base.host, [Symbol.asyncDispose]: () => pool.destroy() };
  }
  const via = parseProxyUrl(proxy.url);
  const tunnels = createProxyConnector(via, tls, CONNECT_TIMEOUT_MS, { ...POOL_OPTIONS, connections });
  const pool = new Pool(base.origin, { ...POOL_OPTIONS, connections, connect: tunnels.connect });
  return {
    dispatcher: pool,
    host: `${base.host} through the proxy ${via.host}`,
    async [Symbol.asyncDispose]() {
      await Promise.all([pool.destroy(), tunnels[Symbol.asyncDispose]()]);
    },
  };
}

/**
 * Trusts the certificates in a PEM text beside those that Node trusts anyway. Made once, not with each connection:
 * it reads some 150 certificates. Throws an Error for a text without certificates or with a broken one.
 */
function trustAlso(text: string): SecureContext {
  const certificates = certificatesIn(text);
  if (certificates.length === 0) {
    throw new Error("Cannot use the CA certificates: expected PEM with at least one BEGIN CERTIFICATE");
  }
  const broken = certificates.findIndex(({ parsed }) => parsed === undefined);
  if (broken !== -1) throw new Error(`Cannot use the CA certificates: number ${broken + 1} is broken`);
  return createSecureContext({
    ca: [...getCACertificates("default"), ...certificates.map(({ pem }) => pem)],
  });
}
