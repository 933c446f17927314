import { expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { credentialKey } from "../../src/config/config.ts";
import type { Credential } from "../../src/domain/credential.ts";

const inline = (value: string) => ({ from: "inline", value: new Secret(value) }) as const;
const file = (path: string, value: string) => ({ from: "file", path, value: new Secret(value) }) as const;

test("credentialKey() differs by scheme, value and email", () => {
  const credentials: readonly Credential[] = [
    { scheme: "token", token: inline("a") },
    { scheme: "token", token: inline("b") },
    { scheme: "token", token: file("a", "x") },
    { scheme: "key", email: "noc@example.com", key: inline("a") },
    { scheme: "key", email: "ops@example.com", key: inline("a") },
    { scheme: "key", email: "noc@example.com", key: file("a", "x") },
  ];
  expect(new Set(credentials.map(credentialKey)).size).toBe(credentials.length);
});

test("credentialKey() is the same for one value, inline or in whatever file", () => {
  const sources = [inline("a"), file("/run/one", "a"), file("/run/two", "a")];
  const tokens = sources.map((token) => credentialKey({ scheme: "token", token }));
  const keys = sources.map((key) => credentialKey({ scheme: "key", email: "noc@example.com", key }));
  expect([new Set(tokens).size, new Set(keys).size]).toEqual([1, 1]);
});

test("credentialKey() is the same for an email in whatever case", () => {
  const keys = ["noc@example.com", "NOC@Example.com"].map((email) =>
    credentialKey({ scheme: "key", email, key: inline("a") }),
  );
  expect(keys[0]).toBe(keys[1]);
});

test("credentialKey() shows no secret", () => {
  expect(credentialKey({ scheme: "token", token: inline("CANARY") })).toMatch(/^[0-9a-f]{64}$/);
});
