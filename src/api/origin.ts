import type { LookupFunction } from "node:net";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { buildConnector, type Client, type Dispatcher, Pool } from "undici";
import { certificatesIn } from "../base/certificates.ts";
import type { Clock } from "../base/clock.ts";
import { nextTurn } from "../base/next-turn.ts";
import { parseProxyUrl } from "../base/proxy-url.ts";
import { createConnection } from "./connection.ts";
import { createProxyConnector } from "./proxy-connector.ts";

export interface OriginOptions {
  /** By which connections grow old. */
  readonly clock: Clock;
  /** Most connections at a time; further requests wait for one. */
  readonly connections: number;
  /** PEM text of further CA certificates, trusted beside the built-in ones. */
  readonly ca?: string | undefined;
  /** A forward proxy, for all requests; its URL may hold a user and a password. @default none */
  readonly proxy?: { readonly url: string } | undefined;
  /** Finds the addresses of the host, and of a proxy. @default the system's */
  readonly lookup?: LookupFunction | undefined;
}

/** The way to one origin. Closing it ends what is in flight. */
export interface Origin extends AsyncDisposable {
  readonly dispatcher: Dispatcher;
  /** Host, port and proxy, for messages. */
  readonly host: string;
}

/** Within a poll's usual deadline of 10 s, so that a lost handshake leaves time for another. */
const CONNECT_TIMEOUT_MS = 4000;
/** Long enough for polls that follow each other, short enough that a lost path is soon noticed. */
const KEEP_ALIVE_MS = 20_000;
/** A name that moves is followed within two minutes, however busy its connections are. */
const MAX_AGE_MS = 90_000;
/** Node gives each address 250 ms at first, too little for a far or lossy path. */
const ADDRESS_ATTEMPT_MS = 1000;

/** HTTP/1.1 alone: over one HTTP/2 connection a single stall would hit all polls. */
const CLIENT_OPTIONS = {
  pipelining: 1,
  allowH2: false,
  keepAliveTimeout: KEEP_ALIVE_MS,
  keepAliveMaxTimeout: KEEP_ALIVE_MS,
} as const satisfies Client.Options;

/** Opens nothing yet. Throws an Error for CA certificates or a proxy URL that cannot be used. */
export function createOrigin(base: URL, options: OriginOptions): Origin {
  const { clock, connections, ca, proxy, lookup } = options;
  const tls = ca === undefined || ca === "" ? {} : { secureContext: trustAlso(ca) };
  const direct = {
    ...tls,
    ...(lookup === undefined ? {} : { lookup }),
    allowH2: false,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    timeout: CONNECT_TIMEOUT_MS,
  };
  const suspicion = { untilMs: Number.NEGATIVE_INFINITY };
  function poolBy(connect: buildConnector.connector): Pool {
    const shared = { connect, clock, nextTurn, maxAgeMs: MAX_AGE_MS, suspicion };
    return new Pool(base.origin, {
      connections,
      factory: (origin) => createConnection(origin, CLIENT_OPTIONS, shared),
    });
  }
  if (proxy === undefined) {
    const pool = poolBy(buildConnector(direct));
    return { dispatcher: pool, host: base.host, [Symbol.asyncDispose]: () => pool.destroy() };
  }
  const via = parseProxyUrl(proxy.url);
  const tunnels = createProxyConnector(via, tls, CONNECT_TIMEOUT_MS, {
    ...CLIENT_OPTIONS,
    connections,
    connect: direct,
  });
  const pool = poolBy(tunnels.connect);
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
