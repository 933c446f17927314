import type { SecureContextOptions } from "node:tls";
import type { Secret } from "../../base/secret.ts";
import type { ClientAuth } from "./go-tls-names.ts";

/** What the web config file says, with the files that it names. */
export interface WebSettings {
  /** Undefined: plain HTTP. */
  readonly tls: TlsSettings | undefined;
  /** Offered beside HTTP/1.1, under TLS alone. */
  readonly http2: boolean;
  /** Set on every response; `""` takes a header of our own away. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Bcrypt hashes by user name; empty: nobody has to sign in. */
  readonly users: ReadonlyMap<string, Secret>;
  readonly rateLimit: RateLimit | undefined;
}

export interface TlsSettings {
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuth;
  /** The client's certificate must have one of these alternative names; undefined: any will do. */
  readonly allowedNames: readonly string[] | undefined;
}

/** A bucket of `burst` requests that gets one more each `intervalMs`. */
export interface RateLimit {
  readonly intervalMs: number;
  readonly burst: number;
}

/** Without a web config file: plain HTTP, open to all who reach the port. */
export const OPEN: WebSettings = {
  tls: undefined,
  http2: true,
  headers: {},
  users: new Map(),
  rateLimit: undefined,
};
