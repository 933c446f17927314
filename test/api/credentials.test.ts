import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { authHeaders, type AuthHeaders, conceal } from "../../src/api/credentials.ts";

const TOKEN = "v1-secret-token-of-forty-characters-0001";

function revealed(headers: AuthHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]));
}

test("authHeaders() sends a token or a key, never both", () => {
  expect(revealed(authHeaders(new Secret(TOKEN)))).toEqual({
    authorization: `Bearer ${TOKEN}`,
  });
  const key = authHeaders(new Secret(TOKEN), "noc@example.com");
  expect(revealed(key)).toEqual({ "x-auth-email": "noc@example.com", "x-auth-key": TOKEN });
});

test("authHeaders() shows no value in a log", () => {
  const headers = authHeaders(new Secret(TOKEN), "noc@example.com");
  expect(inspect({ headers }, { depth: 9, showHidden: true }) + JSON.stringify(headers)).not.toContain(TOKEN);
});

test.each(["", "two words", "line\n", "ключ"])("authHeaders() refuses %j without showing it", (value) => {
  const refusal = expect.objectContaining({ kind: "unauthorized", retryable: false });
  expect(() => authHeaders(new Secret(value))).toThrow(refusal);
  expect(() => authHeaders(new Secret(value), "a@b")).toThrow(
    /^Cannot use the API key: expected printable ASCII, but it (?:is empty|has a space, a line break or a character outside ASCII)$/,
  );
});

test("conceal() takes the credential out of a text, and leaves the text alone otherwise", () => {
  const headers = authHeaders(new Secret(TOKEN));
  expect(conceal(`${TOKEN} and Bearer ${TOKEN}`, headers)).toBe("<secret> and Bearer <secret>");
  expect(conceal("Healthy", authHeaders(new Secret("a")))).toBe("Healthy");
});
