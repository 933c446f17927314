import { describe, expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { BoundedPattern } from "../../src/base/bounded-pattern.ts";
import { DURATION_PATTERN } from "../../src/config/fields.ts";
import { ACCOUNT_ID, messages, PLAIN, text, valid } from "../helpers/parse-config.ts";
import { schemaKeys } from "../helpers/schema-keys.ts";

describe("parseConfig() values", () => {
  test("types an unquoted scalar after expansion, and leaves a quoted one text", async () => {
    const env = { RETRIES: "3", MASK: "false", TOKEN: "from-env\n" };
    const lines = ["api_token: ${TOKEN}", "interconnects: [icon]", "# ${UNSET} in a comment is nothing"];
    const head =
      "poll: \n  retries: ${RETRIES}\n  interval: ${INTERVAL:-30s}\nreasons:\n  mask_numbers: ${MASK}";
    const config = await valid(text(lines, head), env);
    expect(config.poll).toMatchObject({ retries: 3, intervalMs: 30_000 });
    expect(config.reasons.maskNumbers).toBe(false);
    const credential = config.accounts[0]?.credential;
    expect(credential?.scheme === "token" && credential.token.value.reveal()).toBe("from-env");
    expect(await messages(text(PLAIN, 'poll:\n  retries: "${RETRIES}"'), env)).toEqual([
      "config.yaml:2: poll.retries: expected a whole number from 0 to 10, got the value of ${RETRIES}; take the quotes away, which make it text",
    ]);
  });

  test.each([
    ["https://api.example.com/v4/", "https://api.example.com/v4"],
    ["https://api.example.com", "https://api.example.com"],
    ["http://127.0.0.1:8080//", "http://127.0.0.1:8080"],
    ["http://localhost:8080/client/v4", "http://localhost:8080/client/v4"],
    ["http://[::1]:8080", "http://[::1]:8080"],
  ])("takes base_url %s", async (written, expected) => {
    expect((await valid(text(PLAIN, `api: { base_url: "${written}" }`))).api.baseUrl).toBe(expected);
  });

  test.each([
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://10.0.0.1",
    "ftp://localhost",
  ])("refuses base_url %s", async (written) => {
    expect(await messages(text(PLAIN, `api: { base_url: "${written}" }`))).toEqual([
      `config.yaml:1: api.base_url: expected https, or http on a loopback address, got "${written}"`,
    ]);
  });

  test("takes an unquoted 0 for text at every duration", async () => {
    const pattern = JSON.stringify(DURATION_PATTERN);
    const durations = schemaKeys().filter(({ schema }) =>
      JSON.stringify(schema["anyOf"])?.startsWith(`[{"type":"string","pattern":${pattern}`),
    );
    expect(durations.length).toBeGreaterThan(4);
    for (const { path } of durations) {
      const value = path.reduceRight<unknown>((inner, key) => (key === 0 ? [inner] : { [key]: inner }), 0);
      const found = await messages(JSON.stringify(value));
      expect(found.join("\n")).not.toContain("expected a duration");
    }
  });

  test("writes an account id in lower case", async () => {
    const config = await valid(text(PLAIN).replace(ACCOUNT_ID, ACCOUNT_ID.toUpperCase()));
    expect(config.accounts[0]?.accountId).toBe(ACCOUNT_ID);
  });

  test("compiles reason classes without regard to case", async () => {
    const head = 'reasons: { label: class, classes: [{ name: cross_connect, match: "cross.?connect" }] }';
    const { reasons } = await valid(text(PLAIN, head));
    expect(reasons.label).toBe("class");
    expect(reasons.classes[0]?.name).toBe("cross_connect");
    expect(reasons.classes[0]?.match.test("Cross-Connect missing")).toBe(true);
  });
});

test("parseConfig() freezes the config through and through", async () => {
  const config = await valid(text(PLAIN, 'reasons: { classes: [{ name: dark, match: "dark" }] }'));
  const thawed: unknown[] = [];
  const visit = (value: unknown): void => {
    if (
      typeof value !== "object" ||
      value === null ||
      value instanceof BoundedPattern ||
      value instanceof Secret
    )
      return;
    if (!Object.isFrozen(value)) thawed.push(value);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(config);
  expect(thawed).toEqual([]);
  expect(Object.isFrozen(config.accounts[0]?.interconnects[0]?.labels)).toBe(true);
});

function withNames(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `icon-${index}`).join(", ");
  return text(["api_token: secret-token", `interconnects: [${names}]`]);
}

test("10,000 interconnects of one account are taken, and more are refused in seconds", async () => {
  expect((await valid(withNames(10_000))).accounts[0]?.interconnects).toHaveLength(10_000);
  const refused = await messages(withNames(10_001));
  expect(refused).toHaveLength(1);
  expect(refused[0]).toContain("expected at most 10000 interconnects");
});
