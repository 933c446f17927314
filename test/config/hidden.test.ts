import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { renderConfig } from "../../src/config/render.ts";
import { isHidden, redact } from "../../src/config/hidden.ts";
import { CANARIES } from "../helpers/canaries.ts";

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
const TEXTS = `poll: { interval: @@, attention_interval: @@, timeout: @@, retries: @@, concurrency: @@, stale_after: @@ }
api: { base_url: @@, ca_file: @@, budget: @@, proxy_url: @@ }
accounts:
  - name: @@
    account_id: @@
    api_token_file: @@
    interconnects: [@@, { name: @@, expected_state: @@, labels: { @@: x } }]
    discovery: { enabled: @@, interval: @@, include: [@@], exclude: @@ }
  - { name: lab, account_id: 023e105f4ecef8ad9ca31a8372d0c353, api_email: @@, api_key_file: @@ }
  - { name: own, account_id: 023e105f4ecef8ad9ca31a8372d0c353, api_token: @@ }
  - { name: key, account_id: 023e105f4ecef8ad9ca31a8372d0c353, api_email: a@b, api_key: @@ }
groups:
  - { name: @@, members: [@@, lab/@@], min_healthy: @@ }
reasons: { label: @@, max_length: @@, mask_numbers: @@, max_per_interconnect: @@, classes: [{ name: @@, match: "(@@" }] }
@@: 1
`;
const PARTS = TEXTS.split("@@");
const PLACES = PARTS.slice(1).map((_, index) => index + 1);

/** The text with `pasted` in one place and an `x` in all others. */
function textWith(pasted: string, place: number): string {
  const text = PARTS.reduce((before, part, index) => before + (index === place ? `"${pasted}"` : "x") + part);
  return text.replaceAll(/\(""?/g, "(").replaceAll('/"', "/");
}

async function shownOf(text: string): Promise<string> {
  const result = await parseConfig(text, { file: "config.yaml", env: {} });
  expect(result.ok).toBe(false);
  return JSON.stringify([result.ok ? [] : result.problems, result.warnings]);
}

test.each([
  "cfut_CANARYCANARYCANARYCANARYCANARYCANARY",
  "CANARYCANARYCANARYCANARYCANARYCANARY0123",
  "0a1b2c3d4e5f60718293a4b5c6d7e8f901234",
])("a credential in place of any text is not shown: %s", async (secret) => {
  for (const place of PLACES) {
    for (const pasted of [
      secret,
      `api_token:${secret}`,
      `Bearer ${secret}`,
      `x ${secret} ${"y".repeat(70)}`,
    ]) {
      const shown = await shownOf(textWith(pasted, place));
      expect(shown.includes(secret) || shown.includes(secret.slice(0, 24))).toBe(false);
    }
  }
});

test.each(CANARIES)("a secret in place of any text is not shown: $kind", async ({ text, mark }) => {
  for (const place of PLACES) expect(await shownOf(textWith(text, place))).not.toContain(mark);
});

test("where any text will do, the config in effect shows no credential either", async () => {
  const secrets = [SECRET, "Bearer CANARYCANARY0123", "x=1&api_token=CANARYCANARY0123"];
  const text = (secret: string): string => `api: { base_url: "https://example.com/${SECRET}" }
accounts:
  - name: a
    account_id: 023e105f4ecef8ad9ca31a8372d0c353
    api_token: x
    interconnects: [{ name: icon, labels: { note: seen } }]
    discovery: { include: ["${secret}"], exclude: ["${secret}"] }
reasons: { classes: [{ name: a, match: "${secret}" }] }
`;
  for (const secret of secrets) {
    const result = await parseConfig(text(secret), { file: "config.yaml", env: {} });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const shown = renderConfig(result.config);
    expect(shown).not.toContain("CANARY");
    expect(shown).toContain("note: seen");
  }
});
