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

test.each([
  ["JSON", (code: string) => `\\u00${code}`],
  ["JSON in capitals", (code: string) => `\\u00${code.toUpperCase()}`],
  ["JSON in JSON", (code: string) => `\\\\u00${code}`],
  ["a URL", (code: string) => `%${code}`],
  ["a URL in a URL", (code: string) => `%25${code}`],
  ["HTML", (code: string) => `&#x${code};`],
  ["HTML in decimals", (code: string) => `&#${Number.parseInt(code, 16)};`],
])("conceal() takes it out as %s may escape it, wholly and in part", (_, escape) => {
  const headers = authHeaders(new Secret(TOKEN));
  const written = (every: number): string =>
    Array.from(TOKEN, (character, index) =>
      index % every === 0 ? escape(character.charCodeAt(0).toString(16)) : character,
    ).join("");
  for (const every of [1, 2, 7]) {
    expect(conceal(`{"reason":"port of ${written(every)}."}`, headers)).toBe(
      '{"reason":"port of <secret>."}',
    );
  }
});

test("conceal() takes out what has signs that are escaped by a backslash", () => {
  const headers = authHeaders(new Secret("noc/key+of/forty=characters"), "noc@example.com");
  expect(conceal(String.raw`"noc\/key+of\/forty=characters"`, headers)).toBe('"<secret>"');
});
