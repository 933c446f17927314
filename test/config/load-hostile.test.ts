import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { readDocument } from "../../src/document/read.ts";
import { webConfigSchema } from "../../src/http/web-config/schema.ts";

/** What grows with the length takes milliseconds, what grows with its square 10 s and more. */
const LENGTH = 20_000;
const WITHIN_MS = 10_000;
/** Nobody writes a longer line, so that excerpts are of shorter ones alone. */
const LONGEST_EXCERPTED = 2000;

const PARTS = ["1", "1h", " ", "\n", "a:", "a@", "${A", "::1", "*a", "\\", "%41"];
const VALUES = [
  ...PARTS.map((part) => `${part.repeat(LENGTH / part.length)}x`),
  `https://x${"/".repeat(LENGTH)}x`,
  `http://${"a:".repeat(LENGTH / 2)}x`,
];
const TEXTS = [
  `api: ${"${A".repeat(LENGTH / 3)}`,
  `accounts:\n${"  - a\n".repeat(LENGTH / 2)}`,
  `api: [${" a: b\n".repeat(LENGTH)}`,
  `${" a: b\n".repeat(LENGTH / 4)}  - "`,
  `api: ${"[".repeat(LENGTH)}`,
  ...["a:", ":", "a", "token "].map(
    (part) => `a: b: ${part.repeat((LONGEST_EXCERPTED - 10) / part.length)}\n`,
  ),
];

const CONFIG = {
  poll: { interval: "60s", timeout: "10s", stale_after: "10m", attention_interval: "15s" },
  api: { base_url: "https://api.cloudflare.com/client/v4", ca_file: "", proxy_url: "http://proxy:3128" },
  accounts: [
    {
      name: "production",
      account_id: "023e105f4ecef8ad9ca31a8372d0c353",
      api_token: "token",
      interconnects: [{ name: "icon-ewr-01", expected_state: "Down", labels: { circuit: "1" } }],
      discovery: { enabled: true, interval: "10m", include: ["*"], exclude: ["x"] },
    },
  ],
  groups: [{ name: "newark", members: ["production/icon-ewr-01"], min_healthy: 1 }],
  reasons: { label: "full", classes: [{ name: "mine", match: "fibre" }] },
};

const WEB_CONFIG = {
  tls_server_config: { cert_file: "a", key_file: "b", cipher_suites: ["c"], client_allowed_sans: ["d"] },
  http_server_config: { headers: { "Strict-Transport-Security": "x" } },
  basic_auth_users: { alice: "$2y$10$x" },
  rate_limit: { interval: "1s", burst: 1 },
};

/** The document with the text in place of each of its values. */
function allAre(value: unknown, text: string): unknown {
  if (typeof value !== "object" || value === null) return text;
  if (Array.isArray(value)) return value.map((item) => allAre(item, text));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, allAre(inner, text)]));
}

const readConfig = (text: string) => parseConfig(text, { file: "/nowhere/config.yaml", env: { A: "1" } });
const readWebConfig = (text: string) => readDocument(text, webConfigSchema);

/** How long it takes until all problems are known; Infinity when there are none. */
async function refusedMs(
  read: Promise<{ readonly ok: boolean; readonly problems?: readonly unknown[] }>,
): Promise<number> {
  const startMs = performance.now();
  const { ok, problems = [] } = await read;
  return ok || problems.length === 0 ? Infinity : performance.now() - startMs;
}

function named(text: string): { readonly shown: string; readonly text: string } {
  return { shown: JSON.stringify(text.slice(0, 20)), text };
}

test.each(VALUES.map(named))(
  "long values are refused in seconds, not minutes: $shown",
  async ({ text }) => {
    expect(await refusedMs(readConfig(JSON.stringify(allAre(CONFIG, text))))).toBeLessThan(WITHIN_MS);
    expect(await refusedMs(readWebConfig(JSON.stringify(allAre(WEB_CONFIG, text))))).toBeLessThan(WITHIN_MS);
  },
  60_000,
);

test.each(TEXTS.map(named))(
  "a text that is no configuration is refused in seconds, not minutes: $shown",
  async ({ text }) => {
    expect(await refusedMs(readConfig(text))).toBeLessThan(WITHIN_MS);
  },
  60_000,
);

test("what is nested too deeply to be read is said in words, not by the parser's stack", async () => {
  const texts = [`api: [${" a: b\n".repeat(20_000)}`, `api: ${"[".repeat(20_000)}`];
  for (const text of texts) {
    const { problems } = (await readConfig(text)) as { readonly problems: readonly { message: string }[] };
    expect(problems.map(({ message }) => message).join()).toContain("nested too deeply to be read");
  }
});
