import { describe, expect, test } from "vitest";
import {
  credentialFault,
  hideSecrets,
  holdsCredential,
  otherKindFault,
} from "../../src/base/credential-shape.ts";

const SHAPES = [
  "cfut_0123456789abcdef",
  "cfat_0123456789abcdef",
  "cfk_0123456789abcdef",
  "0123456789abcdef0123456789abcdef01234",
  "aB3_".repeat(10),
  `v1.0-${"0a".repeat(12)}-${"0a".repeat(73)}`,
];

describe("hideSecrets()", () => {
  test.each(SHAPES)("takes out %s, alone and inside a longer text", (secret) => {
    expect([hideSecrets(secret), holdsCredential(secret)]).toEqual(["<secret>", true]);
    expect(hideSecrets(`cannot read "api_token:${secret}": no`)).toBe('cannot read "api_token:<secret>": no');
  });

  test.each([
    "023e105f4ecef8ad9ca31a8372d0c353",
    "icon-ewr-01",
    "/run/secrets/cloudflare-token",
    "a".repeat(50),
    "icon-newyork-city-equinix-ny5-primary-01",
    "-".repeat(40),
    "the token is refused, see https://example.com:8080/a@b",
    "key = value",
  ])("leaves %s", (text) => {
    expect([hideSecrets(text), holdsCredential(text)]).toEqual([text, false]);
  });
});

test.each([
  ["Authorization: Bearer abcdefgh0123", "Authorization: Bearer <secret>"],
  ["authorization=Basic dXNlcjpwYXNz", "authorization=Basic <secret>"],
  ["CLOUDFLARE_API_TOKEN=abcd", "CLOUDFLARE_API_TOKEN=<secret>"],
  ["?api_key=abcd&page=2", "?api_key=<secret>&page=2"],
  ["http://user:pa%20ss@proxy.example.com:3128/", "http://<secret>@proxy.example.com:3128/"],
  ["a -----BEGIN EC PRIVATE KEY-----\nMHcC\nabc", "a <secret>"],
  ["-----BEGIN PRIVATE KEY-----\nMHcC\n-----END PRIVATE KEY-----\nb", "<secret>\nb"],
  ["$2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze", "<secret>"],
  ["user noc+cf@mail.example.com, ok", "user <secret>, ok"],
])("hideSecrets() of %j is %j", (text, shown) => {
  expect(hideSecrets(text)).toBe(shown);
});

describe("credentialFault()", () => {
  test.each([
    ["Bearer abc", /without Bearer/],
    ["CLOUDFLARE_API_TOKEN=abc", /without NAME=/],
    ["export TOKEN=abc", /without NAME=/],
    ['"abc"', /without quotes/],
    ["Authorization: Bearer abc", /without the header/],
    ["<abc>", /what stands in its place/],
    ["{{ .Values.abc }}", /what stands in its place/],
    ["%CLOUDFLARE_API_TOKEN%", /what stands in its place/],
    ["xxxxxxxxxxxxxxxx", /what stands in its place/],
    ["YOUR_API_TOKEN_abc", /what stands in its place/],
    ["var.abc", /what stands in its place/],
    ["change-me", /what stands in its place/],
    ["$CLOUDFLARE_API_TOKEN", /or \$\{NAME\} for the variable/],
  ])("says what came along with %j", (text, message) => {
    expect(credentialFault(text)).toMatch(message);
    expect(credentialFault(text)).not.toContain("abc");
  });

  test.each(["cfut_0123456789abcdef", "aB3-_=".repeat(6), "x"])("takes %j", (text) => {
    expect(credentialFault(text)).toBeUndefined();
  });
});

describe("otherKindFault()", () => {
  test.each([
    ["api_token", "cfk_0123456789abcdef", /it goes in api_key/],
    ["api_token", "0123456789abcdef0123456789abcdef01234", /it goes in api_key/],
    ["api_key", "cfut_0123456789abcdef", /it goes in api_token/],
    ["api_key", "cfat_0123456789abcdef", /it goes in api_token/],
  ] as const)("says where what is no %s goes: %s", (kind, text, message) => {
    expect(otherKindFault(text, kind)).toMatch(message);
    expect(otherKindFault(text, kind)).not.toContain("0123");
  });

  test.each([
    ["api_token", "cfut_0123456789abcdef"],
    ["api_token", "aB3_".repeat(10)],
    ["api_key", "cfk_0123456789abcdef"],
    ["api_key", "0123456789abcdef0123456789abcdef01234"],
  ] as const)("takes for %s %s", (kind, text) => {
    expect(otherKindFault(text, kind)).toBeUndefined();
  });
});
