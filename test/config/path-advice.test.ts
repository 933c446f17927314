import { expect, test } from "vitest";
import { pathAdvice } from "../../src/config/path-advice.ts";

test.each([
  ["~/token", "; ~ is a shell's: write the whole path"],
  ["$HOME/token", "; write a variable as ${NAME}"],
  ["https://example.com/ca.pem", "; expected a path, not a URL"],
  ['"/run/secrets/token"', "; take the inner quotes away"],
  ["/run/secrets/token", ""],
])("pathAdvice() of %s is %j", (name, advice) => {
  expect(pathAdvice(name)).toBe(advice);
});
