import { writeFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { renderConfig } from "../../src/config/render.ts";
import { formatDuration } from "../../src/base/duration.ts";
import type { Config } from "../../src/config/config.ts";
import { hostileText } from "../helpers/hostile-text.ts";
import { ACCOUNT_ID, PLAIN, text, valid } from "../helpers/parse-config.ts";
import { schemaKeys } from "../helpers/schema-keys.ts";

const folder = mkdtempSync(join(tmpdir(), "config-render-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "token"), "CANARY-file\n");
writeFileSync(
  join(folder, "ca.pem"),
  readFileSync(join(import.meta.dirname, "bad/good-certificate.pem"), "utf8"),
);

/** The config that is loaded from what is rendered, once the secrets are put back. */
async function again(config: Config): Promise<Config> {
  const token = /^( +api_(?:token|key)): <secret>$/gm;
  const source = renderConfig(config)
    .replaceAll(token, "$1: CANARY-inline")
    .replace("proxy_url: <secret>", "proxy_url: http://u:CANARY@proxy.example.com/");
  return await valid(source, { HOME: "CANARY-env" }, "/elsewhere");
}

describe("renderConfig()", () => {
  test("shows every key as a config file has it, with the defaults", async () => {
    const config = await valid(text(["api_token: CANARY", "interconnects: [icon-ewr-01]"]));
    expect(renderConfig(config))
      .toBe(`# The configuration in effect, with its defaults; secrets are not shown.
# poll.stale_after is not set: it is 10m, or 3 x the interval in effect where that is longer.

poll:
  interval: 1m
  attention_interval: 15s
  timeout: 10s
  retries: 2
  concurrency: 8
api:
  base_url: https://api.cloudflare.com/client/v4
  budget: 600
  ca_file: ""
  proxy_url: ""
accounts:
  - name: production
    account_id: ${ACCOUNT_ID}
    api_token: <secret>
    interconnects:
      - name: icon-ewr-01
        expected_state: Healthy
        labels: {}
    discovery:
      enabled: false
      interval: 10m
      include:
        - "*"
      exclude: []
groups: []
reasons:
  label: full
  max_length: 200
  mask_numbers: true
  max_per_interconnect: 20
  classes: []
`);
  });

  test("shows every key of the schema that is given", async () => {
    const poll = "poll: { stale_after: 10m }";
    const groups = "groups: [{ name: a, members: [production/b] }]";
    const reasons = "reasons: { classes: [{ name: dark, match: x }] }";
    const head = [poll, groups, reasons].join("\n");
    const credentials = [
      ["api_token: x"],
      ["api_token_file: token"],
      ["api_email: a@b", "api_key: x"],
      ["api_email: a@b", "api_key_file: token"],
    ];
    const all = await Promise.all(
      credentials.map((lines) => valid(text([...lines, "interconnects: [b]"], head), {}, folder)),
    );
    const rendered = all.map(renderConfig).join("");
    const keys = schemaKeys().map(({ path }) => path.at(-1));
    expect(keys.filter((key) => !rendered.includes(`${key}:`))).toEqual([]);
  });

  test.each([
    ["an inline token", ["api_token: CANARY-inline"]],
    ["a token in a file", ["api_token_file: token"]],
    ["an email with an inline key", ["api_email: noc@example.com", "api_key: CANARY-inline"]],
    ["an email with a key in a file", ["api_email: noc@example.com", "api_key_file: ./token"]],
  ])("shows no secret of %s, and loads again with it", async (_name, credential) => {
    const head = "api: { proxy_url: 'http://u:CANARY@proxy.example.com', ca_file: ca.pem }";
    const config = await valid(text([...credential, "interconnects: [a]"], head), {}, folder);
    const rendered = renderConfig(config);
    expect(rendered).not.toContain("CANARY");
    expect(rendered).toContain("proxy_url: <secret>");
    expect(rendered).toContain(`ca_file: ${join(folder, "ca.pem")}`);
    const loaded = await again(config);
    expect(loaded).toEqual(config);
    expect(revealed(loaded)).toEqual(revealed(config));
  });

  test("shows groups", async () => {
    const groups =
      'groups: [{ name: "01", members: ["production/$${HOME}", "production/ z"], min_healthy: 2 }]';
    const config = await valid(`${text(["api_token: CANARY-inline"])}${groups}\n`);
    expect(config.groups[0]?.members).toEqual(["production/${HOME}", "production/ z"]);
    expect(await again(config)).toEqual(config);
  });

  test("shows what counts where that is not what was written", async () => {
    const config = await valid(
      text(PLAIN, "poll: { interval: 2m, attention_interval: 5m, stale_after: 1m }"),
    );
    const rendered = renderConfig(config);
    expect(rendered).toContain("attention_interval: 2m\n");
    expect(rendered).toContain("stale_after: 4m\n");
    expect(rendered).not.toContain("is not set");
    expect(renderConfig(await again(config))).toBe(rendered);
  });

  test.each([
    String.raw`a/b`,
    String.raw`a\/b`,
    String.raw`[\\/]x\\`,
    String.raw`\\\/[/]`,
    "/".repeat(1000),
    "é😀/",
  ])("keeps the meaning of the pattern %s", async (pattern) => {
    const config = await valid(
      text(PLAIN, `reasons: { classes: [{ name: a, match: ${JSON.stringify(pattern)} }] }`),
    );
    expect((await again(config)).reasons).toEqual(config.reasons);
  });

  test("loads again as the same configuration, whatever it holds", async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (any) => {
        const config = await valid(JSON.stringify(any).replaceAll("${", () => "$${"));
        expect(await again(config)).toEqual(config);
      }),
      { numRuns: 200 },
    );
  });
});

function revealed(config: Config): unknown {
  return JSON.parse(JSON.stringify(config, reveal));
}

/** For JSON: a secret by what it holds. */
function reveal(this: Readonly<Record<string, unknown>>, key: string, shown: unknown): unknown {
  const value = this[key];
  return typeof value === "object" &&
    value !== null &&
    "reveal" in value &&
    typeof value.reveal === "function"
    ? value.reveal()
    : shown;
}

const duration = (leastMs: number) =>
  fc.integer({ min: leastMs, max: leastMs + 10 * 86_400_000 }).map(formatDuration);
const plain = fc
  .oneof(hostileText, fc.constantFrom("${HOME}", "0123", "null", "*", "1e3"))
  .map((each) => each.replaceAll(/\p{Cc}/gu, ""))
  .filter((each) => each !== "" && each !== "." && each !== "..");
const interconnect = fc.record({
  name: plain,
  expected_state: fc.constantFrom("Healthy", "Unhealthy", "Down", "Pending"),
  labels: fc.dictionary(fc.constantFrom("circuit_id", "constructor", "toString", "provider"), hostileText),
});
const settings = fc.record({
  poll: fc.record(
    {
      interval: duration(20_000),
      attention_interval: fc.constantFrom("0", "1s", "15s", "20s"),
      timeout: fc.constantFrom("100ms", "1s500ms", "20s"),
      retries: fc.nat(10),
      stale_after: duration(30 * 86_400_000),
    },
    { requiredKeys: [] },
  ),
  accounts: fc
    .record({
      name: fc.constantFrom("production", "0123"),
      account_id: fc.constant(ACCOUNT_ID),
      api_token: fc.constant("CANARY-inline"),
      interconnects: fc.uniqueArray(interconnect, { selector: ({ name }) => name, maxLength: 4 }),
      discovery: fc.record({
        enabled: fc.constant(true),
        interval: duration(1000),
        include: fc.array(plain, { minLength: 1 }),
        exclude: fc.array(plain),
      }),
    })
    .map((account) => [account]),
  reasons: fc.record(
    {
      label: fc.constantFrom("full", "class", "off"),
      mask_numbers: fc.boolean(),
      max_length: fc.integer({ min: 1, max: 1024 }),
    },
    { requiredKeys: [] },
  ),
});
