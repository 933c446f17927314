import { describe, expect, test } from "vitest";
import { classifyResponse, type ErrorAnswer } from "../../src/api/classify-response.ts";

function envelope(code: number | undefined, message: string, chain: readonly object[] = []): string {
  return JSON.stringify({ success: false, errors: [{ code, message, error_chain: chain }], result: null });
}

function classify(status: number, body: string, headers: ErrorAnswer["headers"] = {}) {
  return classifyResponse({ asked: "the status of x", status, headers, body, nowUnixMs: 0 });
}

describe("classifyResponse() tells the kind by status first, code second", () => {
  test.each([
    [401, envelope(1000, "Invalid API Token"), "unauthorized"],
    [401, "", "unauthorized"],
    [
      400,
      envelope(6003, "Invalid request headers", [{ code: 6111, message: "Invalid format" }]),
      "unauthorized",
    ],
    [400, envelope(9103, "Unknown X-Auth-Key or X-Auth-Email"), "unauthorized"],
    [400, envelope(9106, "Authentication failed"), "unauthorized"],
    [400, envelope(9107, "Missing X-Auth-Key header"), "unauthorized"],
    [400, envelope(7003, "Could not route"), "not_found"],
    [400, envelope(7000, "No route for that URI"), "not_found"],
    [400, envelope(1001, "something"), "client_error"],
    [403, envelope(10_000, "Authentication error"), "forbidden"],
    [403, envelope(9103, "Unknown X-Auth-Key"), "forbidden"],
    [404, envelope(undefined, "Interconnect not found"), "not_found"],
    [404, envelope(7003, "Could not route"), "not_found"],
    [404, '{"success":false}', "not_found"],
    [410, envelope(undefined, "Gone"), "client_error"],
    [410, "<html>", "client_error"],
    [429, envelope(10_000, "Rate limited"), "rate_limited"],
    [429, "", "rate_limited"],
    [408, "", "client_error"],
    [418, "", "client_error"],
    [500, envelope(10_000, "Internal"), "server_error"],
    [502, "<html>", "server_error"],
    [520, "error code: 520", "server_error"],
    [530, "", "server_error"],
    [204, "", "invalid_response"],
    [301, "", "invalid_response"],
  ])("%i %s is %s", (status, body, kind) => {
    expect(classify(status, body)).toMatchObject({ kind, retryable: kind === "server_error" });
  });
});

describe("classifyResponse() takes no other word than the API's own for what it says of an interconnect", () => {
  const route = '[{"code":7003,"message":"Could not route"}]';
  test.each([
    [404, "", "invalid_response"],
    [404, "404 page not found\n", "invalid_response"],
    [404, "<!DOCTYPE html><title>Not found</title>", "invalid_response"],
    [404, "{}", "invalid_response"],
    [404, "null", "invalid_response"],
    [404, '{"error":"not found"}', "invalid_response"],
    [404, '{"success":true,"result":null}', "invalid_response"],
    [404, `{"errors":${route}}`, "invalid_response"],
    [404, `[{"success":false,"errors":${route}}]`, "invalid_response"],
    [400, `{"errors":${route}}`, "client_error"],
    [400, '{"errors":[{"code":9103,"message":"Unknown key"}]}', "client_error"],
  ])("%i %s is %s", (status, body, kind) => {
    for (const about of ["interconnect", "account"] as const) {
      const answer = { asked: "x", about, status, headers: {}, body, nowUnixMs: 0 };
      expect(classifyResponse(answer)).toMatchObject({ kind, retryable: false });
    }
  });
});

test.each([
  [429, "30", 30_000],
  [429, "Thu, 01 Jan 1970 00:01:00 GMT", 60_000],
  [429, undefined, undefined],
  [503, "120", 120_000],
])("classifyResponse() keeps the Retry-After of a %i: %s", (status, value, retryAfterMs) => {
  expect(classify(status, "", { "retry-after": value })).toMatchObject({ retryAfterMs });
});

test("classifyResponse() keeps the Retry-After of an edge page: a 429 with 1015, a 530 with 1033", () => {
  const page = "<!DOCTYPE html><title>Access denied | Error 1015 | Cloudflare</title>";
  const headers = { "content-type": "text/html; charset=UTF-8", "retry-after": "30" };
  const limited = classify(429, page, headers);
  expect(limited).toMatchObject({ kind: "rate_limited", retryable: false, retryAfterMs: 30_000 });
  expect(limited.message).toContain('an HTML page titled "Access denied | Error 1015 | Cloudflare"; it asks');
  expect(classify(530, page, { ...headers, "retry-after": "120" })).toMatchObject({ retryAfterMs: 120_000 });
});

test("classifyResponse() gives advice on the account where no interconnect was asked for", () => {
  const answer = { status: 404, headers: {}, body: envelope(undefined, "Not found"), nowUnixMs: 0 };
  const { message } = classifyResponse({ ...answer, asked: "the list", about: "account" });
  expect(message).toBe(
    'Cannot read the list: HTTP 404, "Not found"; check account_id (32 hexadecimal digits)',
  );
});

describe("classifyResponse() says what was asked, what came and what to do", () => {
  test.each([
    [
      403,
      envelope(10_000, "Authentication\nerror"),
      { "cf-ray": "8a1b-SYD" },
      'Cannot read the status of x: HTTP 403, code 10000 "Authentication error", cf-ray 8a1b-SYD; give the credential the permission Magic Transit Read or Magic WAN Read on this account, check account_id, and that the account has Network Interconnect; a new token may need a minute',
    ],
    [
      403,
      envelope(9109, "Cannot use the access token from location: 192.0.2.7"),
      { "cf-ray": "8a1b-SYD" },
      'Cannot read the status of x: HTTP 403, code 9109 "Cannot use the access token from location: 192.0.2.7", cf-ray 8a1b-SYD; the token is restricted to other IP addresses: add this one to its client IP filter',
    ],
    [
      403,
      envelope(9109, "Invalid access token"),
      {},
      'Cannot read the status of x: HTTP 403, code 9109 "Invalid access token"; the token is unknown or expired',
    ],
    [
      403,
      "<!DOCTYPE html><title>Attention Required! | Cloudflare</title>",
      { "content-type": "text/html; charset=UTF-8", "cf-ray": "8a1b-SYD" },
      "Cannot read the status of x: HTTP 403 with an HTML page titled \"Attention Required! | Cloudflare\", cf-ray 8a1b-SYD; a page, so something before the API blocked the request, not the credential's permissions: a proxy, or Cloudflare's edge, whose support can look up the cf-ray",
    ],
    [
      401,
      "<title>Log in to the proxy</title>",
      {},
      expect.stringContaining('titled "Log in to the proxy"; a page, so something before the API blocked'),
    ],
    [
      401,
      envelope(1000, "Invalid API Token"),
      {},
      'Cannot read the status of x: HTTP 401, code 1000 "Invalid API Token"; check that the credential is whole, not revoked, not expired and of its kind (token or global key), and has the permission Magic Transit Read or Magic WAN Read',
    ],
    [
      400,
      envelope(6003, "Invalid request headers", [{ code: 6111, message: "Invalid format" }]),
      {},
      expect.stringContaining(
        'HTTP 400, code 6003 "Invalid request headers", code 6111 "Invalid format"; check',
      ),
    ],
    [
      404,
      envelope(7003, "Could not route"),
      {},
      'Cannot read the status of x: HTTP 404, code 7003 "Could not route"; check account_id (32 hexadecimal digits) and the name of the interconnect',
    ],
    [
      404,
      envelope(undefined, "Interconnect not found"),
      {},
      'Cannot read the status of x: HTTP 404, "Interconnect not found"; check the name of the interconnect, and that it is of this account',
    ],
    [
      404,
      "<title>Not found</title>",
      {},
      'Cannot read the status of x: HTTP 404 with an HTML page titled "Not found"; not in the API\'s own form, so not its word: check api.base_url, and what stands between here and the API',
    ],
    [
      410,
      envelope(undefined, "This API is gone"),
      {},
      'Cannot read the status of x: HTTP 410, "This API is gone"; this version of the API is gone: update the exporter',
    ],
    [
      429,
      envelope(971, ""),
      { "retry-after": "30" },
      "Cannot read the status of x: HTTP 429, code 971; it asks to wait 30 s",
    ],
    [429, "", {}, "Cannot read the status of x: HTTP 429 with an empty body; it does not say for how long"],
    [502, "<html>", {}, "Cannot read the status of x: HTTP 502 with an HTML page"],
    [520, "error code: 520\n", {}, 'Cannot read the status of x: HTTP 520 with "error code: 520"'],
    [
      302,
      "",
      { location: "https://dash.example.com/login?token=1#x" },
      'Cannot read the status of x: HTTP 302 with an empty body; a redirect to "https://dash.example.com/login", which is never followed: check api.base_url',
    ],
    [204, "", {}, "Cannot read the status of x: HTTP 204 with an empty body; expected HTTP 200 with JSON"],
  ])("%i %s", (status, body, headers, message) => {
    expect(classify(status, body, headers).message).toEqual(message);
  });

  test("and repeats at most 200 characters of each text", () => {
    const { message } = classify(500, envelope(1, "x".repeat(60_000)));
    expect(message).toBe(`Cannot read the status of x: HTTP 500, code 1 "${"x".repeat(199)}…"`);
  });
});
