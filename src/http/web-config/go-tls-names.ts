import type { SecureVersion } from "node:tls";

/**
 * The cipher suites that Go's crypto/tls calls secure (https://pkg.go.dev/crypto/tls#CipherSuites), as OpenSSL
 * names them, in the order of preference. Those of TLS 1.3 are `undefined`: as in Go they are always on.
 */
export const CIPHER_SUITES: Readonly<Record<string, string | undefined>> = {
  TLS_AES_128_GCM_SHA256: undefined,
  TLS_AES_256_GCM_SHA384: undefined,
  TLS_CHACHA20_POLY1305_SHA256: undefined,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: "ECDHE-ECDSA-AES128-GCM-SHA256",
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: "ECDHE-RSA-AES128-GCM-SHA256",
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: "ECDHE-ECDSA-AES256-GCM-SHA384",
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: "ECDHE-RSA-AES256-GCM-SHA384",
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-ECDSA-CHACHA20-POLY1305",
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-RSA-CHACHA20-POLY1305",
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: "ECDHE-ECDSA-AES128-SHA",
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: "ECDHE-RSA-AES128-SHA",
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: "ECDHE-ECDSA-AES256-SHA",
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: "ECDHE-RSA-AES256-SHA",
};

/** HTTP/2 over TLS 1.2 must offer one of these (RFC 9113 section 9.2.2); Go does not start without. */
export const HTTP2_SUITES: readonly string[] = [
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
];

const TLS13_CIPHERS = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

/** OpenSSL's list for these suites; an empty list means all that are secure. */
export function openSslCiphers(suites: readonly string[]): string {
  const wanted = suites.length === 0 ? Object.keys(CIPHER_SUITES) : suites;
  const older = wanted.map((name) => CIPHER_SUITES[name]).filter((name) => name !== undefined);
  return [...TLS13_CIPHERS, ...older].join(":");
}

export const CURVES: Readonly<Record<string, string>> = {
  CurveP256: "P-256",
  CurveP384: "P-384",
  CurveP521: "P-521",
  X25519: "X25519",
};

/** The versions that are served, oldest first. */
export const VERSIONS: Readonly<Record<string, SecureVersion>> = { TLS12: "TLSv1.2", TLS13: "TLSv1.3" };

/** Known to Go, broken since RFC 8996. */
export const REFUSED_VERSIONS: readonly string[] = ["TLS10", "TLS11"];

/** The policies of Go's `tls.ClientAuthType`, and an old name that the exporter-toolkit still takes. */
export const CLIENT_AUTH_TYPES = {
  NoClientCert: "none",
  RequestClientCert: "requested",
  RequireAnyClientCert: "required",
  RequireClientCert: "required",
  VerifyClientCertIfGiven: "verified-if-given",
  RequireAndVerifyClientCert: "verified",
} as const;
export type ClientAuth = (typeof CLIENT_AUTH_TYPES)[keyof typeof CLIENT_AUTH_TYPES];
