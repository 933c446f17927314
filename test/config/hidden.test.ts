import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { isHidden, redact } from "../../src/config/hidden.ts";

const SECRET = "cfut_CANARYCANARYCANARYCANARYCANARYCANARY";
const GOOD = `poll:
  interval: 30s
api: { proxy_url: "http://user:CANARYCANARY@proxy.example.com:3128" }
accounts:
  - name: production
    account_id: 023e105f4ecef8ad9ca31a8372d0c353
    api_token: ${SECRET}
    interconnects: [icon-ewr-01, { name: icon-lhr-02 }]
`;
const TYPOS = ["", ...Array.from("{}[]:,&*!|>'\"%@`#\n\t\\$"), ": ", "- ", "? ", "<<: ", "!!int ", "${"];

test.each([
  [["accounts", 0, "api_token"], "short", true],
  [["accounts", 0, "api_key", "value"], "short", true],
  [["accounts", 0, "name"], SECRET, true],
  [["accounts", 0, "name"], "0123456789abcdef0123456789abcdef01234", true],
  [["accounts", 0, "name"], "aB3_".repeat(10), true],
  [["accounts", 0, "account_id"], "023e105f4ecef8ad9ca31a8372d0c353", false],
  [["accounts", 0, "api_token_file"], "/run/secrets/cloudflare-token", false],
  [["api", "base_url"], "https://user:password@example.com", true],
  [["api", "base_url"], "https://example.com", false],
  [["api", "proxy_url"], "http://proxy.example.com:3128", true],
  [["api", "ca_file"], "-----BEGIN PRIVATE KEY-----", true],
  [["api", "ca_file"], "ca.pem", false],
  [["poll", "retries"], 12, false],
])("isHidden() of %j with %j is %j", (path, value, hidden) => {
  expect(isHidden(path, value)).toBe(hidden);
});

test("no slip of the pen in a config makes a problem show the token", async () => {
  const typo = fc.tuple(fc.nat({ max: GOOD.length }), fc.nat({ max: 2 }), fc.constantFrom(...TYPOS));
  await fc.assert(
    fc.asyncProperty(typo, async ([position, removed, inserted]) => {
      const text = GOOD.slice(0, position) + inserted + GOOD.slice(position + removed);
      const result = await parseConfig(text, { file: "config.yaml", env: {} });
      expect(result.ok ? "" : JSON.stringify(result.problems)).not.toContain("CANARYCANARY");
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["    api_token: secret", "", "    api_token: <secret>"],
  ["    apitoken secret", "", "    apitoken <secret>"],
  ["    secret", "    api_key: |-", "    <secret>"],
  ["    -----BEGIN PRIVATE KEY-----", "", "    <secret>"],
  ['  proxy: "http://user:word@proxy.example.com"', "", '  proxy: "<secret>proxy.example.com"'],
  ["  name: cfut_0123456789abcdefghijklmnopqrstuv", "", "  name: <secret>"],
  [
    "    api_token_file: /run/secrets/cloudflare-token",
    "",
    "    api_token_file: /run/secrets/cloudflare-token",
  ],
  ["  - icon-new-york-city-01", "  members:", "  - icon-new-york-city-01"],
])("redact() leaves of %j under %j %j", (row, above, shown) => {
  expect(redact(row, above)).toBe(shown);
});

/** Every text of the config but label values, to be replaced by what belongs elsewhere. */
const TEXTS = `poll: { interval: @@ }
api: { base_url: @@, ca_file: @@, budget: @@ }
accounts:
  - name: @@
    account_id: @@
    api_token_file: @@
    interconnects: [@@, { name: @@, expected_state: @@, labels: { @@: x } }]
    discovery: { enabled: @@, interval: @@, include: [@@], exclude: @@ }
  - { name: lab, account_id: 023e105f4ecef8ad9ca31a8372d0c353, api_email: @@, api_key_file: @@ }
groups:
  - { name: @@, members: [@@, lab/@@], min_healthy: @@ }
reasons: { label: @@, classes: [{ name: @@, match: "(@@" }] }
@@: 1
`;
const PARTS = TEXTS.split("@@");

test.each(
  PARTS.slice(1).flatMap((_, index) =>
    [
      "cfut_CANARYCANARYCANARYCANARYCANARYCANARY",
      "CANARYCANARYCANARYCANARYCANARYCANARY0123",
      "0a1b2c3d4e5f60718293a4b5c6d7e8f901234",
    ].map((secret) => [index + 1, secret] as const),
  ),
)("a credential in place of text %i is not shown: %s", async (at, secret) => {
  for (const pasted of [secret, `api_token:${secret}`, `Bearer ${secret}`, `x ${secret} ${"y".repeat(70)}`]) {
    const text = PARTS.reduce((before, part, index) => before + (index === at ? `"${pasted}"` : "x") + part);
    const result = await parseConfig(text.replaceAll(/\(""?/g, "(").replaceAll('/"', "/"), {
      file: "config.yaml",
      env: {},
    });
    expect(result.ok).toBe(false);
    const shown = JSON.stringify([result.ok ? [] : result.problems, result.warnings]);
    expect(shown.includes(secret) || shown.includes(secret.slice(0, 24))).toBe(false);
  }
});
