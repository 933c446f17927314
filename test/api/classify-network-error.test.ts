import { errors } from "undici";
import { expect, test } from "vitest";
import { classifyNetworkError } from "../../src/api/classify-network-error.ts";
import { ProxyError } from "../../src/api/proxy-connector.ts";

function classify(error: unknown, shortage?: () => string) {
  return classifyNetworkError(error, "the status of x", "api.example.com", shortage);
}

function coded(code: string): Error {
  return Object.assign(new Error("from below"), { code });
}

test.each([
  ["UND_ERR_CONNECT_TIMEOUT", "timeout", true, "no connection was made in time"],
  ["ETIMEDOUT", "timeout", true, "no connection was made in time"],
  ["UND_ERR_HEADERS_TIMEOUT", "timeout", false, "no answer came in time"],
  ["UND_ERR_BODY_TIMEOUT", "timeout", false, "no answer came in time"],
  ["ENOTFOUND", "network", true, "DNS does not know the name"],
  ["EAI_AGAIN", "network", true, "DNS did not answer"],
  ["EAI_FAIL", "network", true, "DNS failed"],
  ["ECONNREFUSED", "network", true, "the connection was refused"],
  ["ECONNRESET", "network", true, "the connection was closed before the answer was complete"],
  ["EPIPE", "network", true, "the connection was closed before the answer was complete"],
  ["UND_ERR_SOCKET", "network", true, "the connection was closed before the answer was complete"],
  ["ENETUNREACH", "network", true, "there is no route to it"],
  ["ESOMETHING", "network", true, "the connection failed"],
  ["CERT_HAS_EXPIRED", "tls", false, "the certificate has expired; check the clock of this machine too"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls", false, "the certificate is for another host name"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "tls", false, "the other end does not speak TLS"],
  ["CERT_SIGNATURE_FAILURE", "tls", false, "TLS failed"],
  ["UNABLE_TO_GET_CRL", "tls", false, "TLS failed"],
  ["ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", "tls", false, "TLS failed"],
  ["EPROTO", "tls", false, "TLS failed"],
  ["HPE_INVALID_CONSTANT", "invalid_response", false, "the answer is not HTTP"],
  ["UND_ERR_RES_EXCEEDED_MAX_SIZE", "invalid_response", false, "the answer is too large"],
  ["UND_ERR_INVALID_ARG", "internal", false, "the request could not be built"],
])("classifyNetworkError() of %s is %s", (code, kind, retryable, text) => {
  const error = coded(code);
  const failure = classify(error);
  expect(failure).toMatchObject({ kind, retryable, cause: error });
  expect(failure.message).toBe(`Cannot read the status of x from api.example.com: ${text} (${code})`);
});

test.each(["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"])(
  "classifyNetworkError() of %s points to api.ca_file",
  (code) => {
    const failure = classify(coded(code));
    expect(failure).toMatchObject({ kind: "tls", retryable: false });
    expect(failure.message).toContain("add its CA to api.ca_file");
  },
);

test("classifyNetworkError() finds the code inside what gathers or wraps it", () => {
  expect(classify(new AggregateError([new Error("x"), coded("ECONNREFUSED")]))).toMatchObject({
    kind: "network",
  });
  expect(classify(new Error("x", { cause: coded("CERT_HAS_EXPIRED") }))).toMatchObject({ kind: "tls" });
  expect(classify(new errors.ConnectTimeoutError("x", {}))).toMatchObject({ kind: "timeout" });
});

test.each([new TypeError("a bug"), "text", undefined, Object.assign(new Error("x"), { code: 7 })])(
  "classifyNetworkError() takes what has no code for a bug: %s",
  (error) => {
    expect(classify(error)).toMatchObject({ kind: "internal", retryable: false, cause: error });
  },
);

test.each([
  [new ProxyError(407), "network", false, "the proxy answered HTTP 407: it wants a user and a password"],
  [new ProxyError(403), "network", false, "the proxy answered HTTP 403: it does not allow CONNECT"],
  [new ProxyError(429), "network", false, "the proxy answered HTTP 429: "],
  [new ProxyError(502), "network", true, "the proxy answered HTTP 502: it could not make the connection"],
  [
    new ProxyError(undefined, coded("ENOTFOUND")),
    "network",
    true,
    "at the proxy, DNS does not know the name (ENOTFOUND)",
  ],
  [
    new ProxyError(undefined, coded("CERT_HAS_EXPIRED")),
    "tls",
    false,
    "at the proxy, the certificate has expired",
  ],
  [new ProxyError(undefined, coded("UND_ERR_HEADERS_TIMEOUT")), "timeout", false, "at the proxy, no answer"],
])("classifyNetworkError() names what failed at the proxy: %s", (error, kind, retryable, text) => {
  const failure = classify(error);
  expect(failure).toMatchObject({ kind, retryable, cause: error });
  expect(failure.message).toContain(`from api.example.com: ${text}`);
});

test("classifyNetworkError() ends on an error that causes itself", () => {
  const error = new Error("round");
  error.cause = error;
  expect(classify(error)).toMatchObject({ kind: "internal" });
});

test("classifyNetworkError() of a lookup that failed for want of descriptors is internal, through a proxy too", () => {
  for (const code of ["ENOTFOUND", "EAI_AGAIN"]) {
    const failure = classify(coded(code), () => "EMFILE");
    expect(failure.kind).toBe("internal");
    expect(failure.message).toMatch(/this process has too many files open \(EMFILE\)$/);
  }
  const atProxy = new ProxyError(undefined, coded("ENOTFOUND"));
  expect(classify(atProxy, () => "ENFILE").message).toMatch(
    /at the proxy, this machine has too many files open \(ENFILE\)$/,
  );
  expect(classify(coded("ECONNREFUSED"), () => "EMFILE").message).toMatch(
    /the connection was refused \(ECONNREFUSED\)$/,
  );
});
