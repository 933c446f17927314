import { expect, test } from "vitest";
import { z } from "zod";
import { formatProblem } from "../../src/document/problems.ts";
import { readDocument } from "../../src/document/read.ts";

async function messagesOf(text: string): Promise<readonly string[]> {
  const result = await readDocument(text, z.unknown());
  return result.ok ? [] : result.problems.map((problem) => formatProblem("f", problem));
}

test("syntaxProblems() reports each wrong line once", async () => {
  expect(await messagesOf("a: @x\nb: 1\nc: d: e: f\ng: %y\n")).toEqual([
    "f:1: invalid YAML: text that starts with this character needs quotes",
    'f:3: invalid YAML: a second ": " on this line; put text that holds one in quotes',
    "f:4: invalid YAML: text that starts with this character needs quotes",
  ]);
});

test.each(["a: {}\n}CANARY\n", "a: [1]\n]CANARY: x\n", 'a: "\\qCANARY"\n', "CANARY\nb: 1\n", "a: 'CANARY\n"])(
  "syntaxProblems() does not quote the file: %j",
  async (text) => {
    const messages = await messagesOf(text);
    expect(messages).not.toEqual([]);
    expect(messages.join("\n")).not.toContain("CANARY");
  },
);

test("syntaxProblems() tells how to write a variable inside brackets", async () => {
  expect(await messagesOf("a: [${NAME}]\n")).toEqual([
    "f:1: invalid YAML: inside [ ] and { } a value with ${...} needs quotes",
  ]);
});
