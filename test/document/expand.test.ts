import * as fc from "fast-check";
import { expect, test } from "vitest";
import { expandVariables } from "../../src/document/expand.ts";

const env = { HOST: "example.com", EMPTY: "", NESTED: "${HOST}", LINES: "a\nb\r\n\n" };

test.each([
  ["https://${HOST}/v4", "https://example.com/v4"],
  ["${HOST}${HOST}", "example.comexample.com"],
  ["${EMPTY}", ""],
  ["${MISSING:-fallback}", "fallback"],
  ["${MISSING:-}", ""],
  ["${EMPTY:-fallback}", "fallback"],
  ["${HOST:-fallback}", "example.com"],
  ["$${HOST}", "${HOST}"],
  ["$$${HOST}", "$${HOST}"],
  ["$HOST costs $5 $", "$HOST costs $5 $"],
  ["${NESTED}", "${HOST}"],
  ["${LINES}", "a\nb"],
])("expandVariables() turns %s into %s", (text, expected) => {
  expect(expandVariables(text, env)).toEqual({ text: expected, messages: [] });
});

test("expandVariables() reports every variable that is not set", () => {
  expect(expandVariables("${ONE}${TWO}", env).messages).toEqual([
    "environment variable ONE is not set",
    "environment variable TWO is not set",
  ]);
});

test.each(["${", "${}", "${9}", "${A-B}", "${A:-${HOST}}", "${HOST"])(
  "expandVariables() refuses %s",
  (text) => {
    expect(expandVariables(text, env).messages).toContain(
      "expected ${NAME} or ${NAME:-default} after a $; write $${ for a literal ${",
    );
  },
);

test("expandVariables() gives back any text that is escaped first", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", "A", ":", "-") }), (text) => {
      fc.pre(!text.includes("$$"));
      expect(expandVariables(text.replaceAll("${", "$$${"), {}).text).toBe(text);
    }),
  );
});
