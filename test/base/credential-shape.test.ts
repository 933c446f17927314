import { describe, expect, test } from "vitest";
import { credentialFault, hideCredentials, holdsCredential } from "../../src/base/credential-shape.ts";

const SHAPES = [
  "cfut_0123456789abcdef",
  "cfat_0123456789abcdef",
  "cfk_0123456789abcdef",
  "0123456789abcdef0123456789abcdef01234",
  "aB3_".repeat(10),
  `v1.0-${"0a".repeat(12)}-${"0a".repeat(73)}`,
];

describe("hideCredentials()", () => {
  test.each(SHAPES)("takes out %s, alone and inside a longer text", (secret) => {
    expect([hideCredentials(secret), holdsCredential(secret)]).toEqual(["<secret>", true]);
    expect(hideCredentials(`cannot read "api_token:${secret}": no`)).toBe(
      'cannot read "api_token:<secret>": no',
    );
  });

  test.each([
    "023e105f4ecef8ad9ca31a8372d0c353",
    "icon-ewr-01",
    "/run/secrets/cloudflare-token",
    "a".repeat(50),
  ])("leaves %s", (text) => {
    expect([hideCredentials(text), holdsCredential(text)]).toEqual([text, false]);
  });
});

describe("credentialFault()", () => {
  test.each([
    ["Bearer abc", /without Bearer/],
    ["CLOUDFLARE_API_TOKEN=abc", /without NAME=/],
    ["export TOKEN=abc", /without NAME=/],
    ['"abc"', /without quotes/],
    ["$CLOUDFLARE_API_TOKEN", /or \$\{NAME\} for the variable/],
  ])("says what came along with %j", (text, message) => {
    expect(credentialFault(text)).toMatch(message);
    expect(credentialFault(text)).not.toContain("abc");
  });

  test.each(["cfut_0123456789abcdef", "aB3-_=".repeat(6), "x"])("takes %j", (text) => {
    expect(credentialFault(text)).toBeUndefined();
  });
});
