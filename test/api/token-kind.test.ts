import { expect, test } from "vitest";
import { tokenKindOf } from "../../src/api/token-kind.ts";
import { Secret } from "../../src/base/secret.ts";

test.each([
  ["cfat_0123", "account"],
  ["Bearer cfat_0123", "account"],
  ["cfut_0123", "user"],
  ["0123456789012345678901234567890123456789", "user"],
  ["x-cfat_", "user"],
])("tokenKindOf() of %s is %s", (token, kind) => {
  expect(tokenKindOf(new Secret(token))).toBe(kind);
});
