import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { readDocument } from "../../src/document/read.ts";
import { webConfigSchema } from "../../src/http/web-config/schema.ts";

const LENGTH = 100_000;
const PARTS = [
  "1",
  "1h",
  "1.",
  " ",
  "a",
  "a:",
  "a@",
  "A=",
  "${A",
  "::1",
  "*a",
  "cfut_",
  "Bearer ",
  "\\",
  "%41",
];
const HOSTILE = [
  ...PARTS.map((part) => `${part.repeat(LENGTH / part.length)}x`),
  `https://x${"/".repeat(LENGTH)}x`,
];

/** A second for what grows with the length, minutes for what grows with its square. */
const WITHIN_MS = 15_000;

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

async function readMs(document: object, text: string, read: (text: string) => Promise<unknown>) {
  const startMs = performance.now();
  await read(JSON.stringify(allAre(document, text)));
  return performance.now() - startMs;
}

test.each(HOSTILE)(
  "values of 100,000 characters take no minutes to refuse: %.5s",
  async (text) => {
    const readConfig = (document: string) =>
      parseConfig(document, { file: "/nowhere/config.yaml", env: { A: "1" } });
    expect(await readMs(CONFIG, text, readConfig)).toBeLessThan(WITHIN_MS);
    const readWebConfig = (document: string) => readDocument(document, webConfigSchema);
    expect(await readMs(WEB_CONFIG, text, readWebConfig)).toBeLessThan(WITHIN_MS);
  },
  60_000,
);
