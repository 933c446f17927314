import * as fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { readDocument } from "../../src/document/read.ts";
import { writeDocument } from "../../src/document/write.ts";
import { hostileText } from "../helpers/hostile-text.ts";

async function read(text: string): Promise<unknown> {
  const result = await readDocument(text, z.unknown(), { env: { HOME: "CANARY", A: "CANARY" } });
  return result.ok ? result.value : result.problems;
}

const text = fc.oneof(
  hostileText,
  fc.constantFrom(
    "${HOME}",
    "$${HOME}",
    "$$${A}",
    "${A:-b}",
    "${",
    "$",
    "*",
    "&a",
    "!b",
    "null",
    "0x1f",
    "1e3",
    "~",
    "<<",
    "",
  ),
);

test("writeDocument() writes values that readDocument() gives back, variables and all", async () => {
  const value = fc.record({
    one: text,
    list: fc.array(text),
    more: fc.record({ n: fc.integer(), b: fc.boolean() }),
  });
  await fc.assert(
    fc.asyncProperty(value, async (any) => {
      expect(await read(writeDocument(any, " a comment"))).toEqual(any);
    }),
  );
});

test("writeDocument() writes what people read: a comment, plain words unquoted, long text on one line", () => {
  const long = "word ".repeat(100).trim();
  expect(writeDocument({ a: "plain", b: ["x", ""], c: {}, d: [], e: long }, " one\n two")).toBe(
    `# one\n# two\n\na: plain\nb:\n  - x\n  - ""\nc: {}\nd: []\ne: ${long}\n`,
  );
});
