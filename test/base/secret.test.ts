import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";

test("Secret shows its value to reveal() alone", () => {
  const secret = new Secret("hunter2");
  expect(secret.reveal()).toBe("hunter2");
  expect(inspect(secret)).toBe("<secret>");
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ deep: { secret } }, { showHidden: true, depth: null }),
    format("%s %o %j", secret, secret, secret),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify(structuredClone(secret)),
  ].join("\n");
  expect(shown).not.toContain("hunter2");
  expect(shown).toContain("<secret>");
});
