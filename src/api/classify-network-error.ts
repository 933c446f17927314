import { descriptorShortage } from "../base/descriptor-limit.ts";
import { ApiError, type FailureKind } from "../domain/failure.ts";
import { ProxyError } from "./proxy-connector.ts";

interface Meaning {
  readonly kind: FailureKind;
  readonly retryable: boolean;
  readonly text: string;
}

const LOST = "the connection was closed before the answer was complete";
const UNKNOWN_CA =
  "the certificate is not signed by a known authority; if a proxy inspects TLS here, add its CA to api.ca_file";

const network = (text: string): Meaning => ({ kind: "network", retryable: true, text });
const tls = (text: string): Meaning => ({ kind: "tls", retryable: false, text });
const malformed = (text: string): Meaning => ({ kind: "invalid_response", retryable: false, text });
const ours = (text: string): Meaning => ({ kind: "internal", retryable: false, text });
/** Nothing was sent when connecting takes too long, so that asking again is cheap; a silent API is better left alone. */
const noConnection: Meaning = { kind: "timeout", retryable: true, text: "no connection was made in time" };
const noAnswer: Meaning = { kind: "timeout", retryable: false, text: "no answer came in time" };

/** Codes of undici, Node and OpenSSL that are met in practice, each in words that say where to look. */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  UND_ERR_CONNECT_TIMEOUT: noConnection,
  ETIMEDOUT: noConnection,
  UND_ERR_HEADERS_TIMEOUT: noAnswer,
  UND_ERR_BODY_TIMEOUT: noAnswer,

  ENOTFOUND: network("DNS does not know the name"),
  EAI_AGAIN: network("DNS did not answer"),
  ECONNREFUSED: network("the connection was refused"),
  ECONNRESET: network(LOST),
  EPIPE: network(LOST),
  UND_ERR_SOCKET: network(LOST),
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: network(LOST),
  EHOSTUNREACH: network("there is no route to it"),
  ENETUNREACH: network("there is no route to it"),

  CERT_HAS_EXPIRED: tls("the certificate has expired; check the clock of this machine too"),
  CERT_NOT_YET_VALID: tls("the certificate is not yet valid; check the clock of this machine"),
  ERR_TLS_CERT_ALTNAME_INVALID: tls("the certificate is for another host name"),
  HOSTNAME_MISMATCH: tls("the certificate is for another host name"),
  DEPTH_ZERO_SELF_SIGNED_CERT: tls(UNKNOWN_CA),
  SELF_SIGNED_CERT_IN_CHAIN: tls(UNKNOWN_CA),
  UNABLE_TO_GET_ISSUER_CERT: tls(UNKNOWN_CA),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: tls(UNKNOWN_CA),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: tls(UNKNOWN_CA),
  CERT_UNTRUSTED: tls(UNKNOWN_CA),
  CERT_REVOKED: tls("the certificate has been revoked"),
  ERR_SSL_WRONG_VERSION_NUMBER: tls("the other end does not speak TLS"),
  ERR_SSL_PACKET_LENGTH_TOO_LONG: tls("the other end does not speak TLS"),

  UND_ERR_RES_EXCEEDED_MAX_SIZE: malformed("the answer is too large"),
  UND_ERR_HEADERS_OVERFLOW: malformed("the headers of the answer are too large"),

  EMFILE: ours("this process has too many files open"),
  ENFILE: ours("this machine has too many files open"),
  ENOBUFS: ours("this machine is short of memory"),
  ENOMEM: ours("this machine is short of memory"),
  EADDRNOTAVAIL: ours("this machine has no port left for it"),

  UND_ERR_INVALID_ARG: ours("the request could not be built"),
  UND_ERR_DESTROYED: ours("the client is closed"),
  UND_ERR_CLOSED: ours("the client is closed"),
};

const LOOKUP_FAILED = /^(?:ENOTFOUND$|EAI_)/;

/** Families of codes, for what the table does not list. */
const BY_PATTERN: readonly (readonly [RegExp, Meaning])[] = [
  [/^EAI_/, network("DNS failed")],
  [
    /^(?:CERT|CRL|UNABLE_TO|ERR_TLS|ERR_SSL)_|^(?:EPROTO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/,
    tls("TLS failed"),
  ],
  [/^HPE_|^HTTPParserError$/, malformed("the answer is not HTTP")],
];

/**
 * The failure that a request without a whole answer stands for, by its error's code. `host` is the API's, for the message;
 * `shortage` tells by code what this process lacks now.
 */
export function classifyNetworkError(
  error: unknown,
  asked: string,
  host: string,
  shortage: () => string | undefined = descriptorShortage,
): ApiError {
  const told = codeOf(error);
  // A lookup that finds no descriptor for its socket, or for /etc/hosts, says what it says of a name that is not there.
  const code = told !== undefined && LOOKUP_FAILED.test(told) ? (shortage() ?? told) : told;
  const { kind, retryable, text } =
    error instanceof ProxyError ? meaningAtProxy(error, code) : meaningOf(code);
  const suffix = code === undefined ? "" : ` (${code})`;
  return new ApiError(kind, `Cannot read ${asked} from ${host}: ${text}${suffix}`, {
    retryable,
    cause: error,
  });
}

function meaningAtProxy(error: ProxyError, code: string | undefined): Meaning {
  if (error.status === undefined) {
    const meaning = meaningOf(code);
    return { ...meaning, text: `at the proxy, ${meaning.text}` };
  }
  const text = `the proxy answered HTTP ${error.status}: ${proxyAdvice(error.status)}`;
  return { kind: "network", retryable: error.status >= 500, text };
}

function proxyAdvice(status: number): string {
  if (status === 407) {
    return "it wants a user and a password that it knows; check those in api.proxy_url, or in HTTPS_PROXY of the environment";
  }
  return status >= 500
    ? "it could not make the connection"
    : "it does not allow CONNECT to this host and port; have it allowed, or check that this is a forward proxy";
}

function meaningOf(code: string | undefined): Meaning {
  if (code === undefined) return ours("the request failed in an unexpected way");
  return (
    BY_CODE[code] ??
    BY_PATTERN.find(([pattern]) => pattern.test(code))?.[1] ??
    network("the connection failed")
  );
}

/** The first code on the way from the error through what it gathers or wraps. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  // undici 8.12 gives its parser's errors no code, whatever its types say.
  if (error.name === "HTTPParserError") return error.name;
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  for (const candidate of inner) {
    const code = codeOf(candidate, depth + 1);
    if (code !== undefined) return code;
  }
  return undefined;
}
