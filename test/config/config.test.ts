import { expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import type { Credential } from "../../src/config/config.ts";
import { credentialKey } from "../../src/config/config.ts";

const inline = (value: string) => ({ from: "inline", value: new Secret(value) }) as const;
const file = (path: string, value: string) => ({ from: "file", path, value: new Secret(value) }) as const;

test("credentialKey() is the same for one credential, and differs by scheme, value, file and email", () => {
  const credentials: readonly Credential[] = [
    { scheme: "token", token: inline("a") },
    { scheme: "token", token: inline("b") },
    { scheme: "token", token: file("a", "x") },
    { scheme: "key", email: "noc@example.com", key: inline("a") },
    { scheme: "key", email: "ops@example.com", key: inline("a") },
    { scheme: "key", email: "noc@example.com", key: file("a", "x") },
  ];
  expect(new Set(credentials.map(credentialKey)).size).toBe(credentials.length);
  expect(credentialKey({ scheme: "token", token: inline("a") })).toBe(
    credentialKey({ scheme: "token", token: inline("a") }),
  );
});

test("credentialKey() of a file outlives a change of the secret in it", () => {
  expect(credentialKey({ scheme: "token", token: file("/run/token", "old") })).toBe(
    credentialKey({ scheme: "token", token: file("/run/token", "new") }),
  );
});

test("credentialKey() shows no secret", () => {
  expect(credentialKey({ scheme: "token", token: inline("CANARY") })).toMatch(/^[0-9a-f]{64}$/);
});
