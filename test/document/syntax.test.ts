import { expect, test } from "vitest";
import { z } from "zod";
import { formatProblem } from "../../src/document/problems.ts";
import { readDocument } from "../../src/document/read.ts";

async function messagesOf(text: string): Promise<readonly string[]> {
  const result = await readDocument(text, z.unknown());
  return result.ok ? [] : result.problems.map((problem) => formatProblem("f", problem));
}

test("readDocument() reports each wrong line once", async () => {
  expect(await messagesOf("a: @x\nb: 1\nc: d: e: f\ng: %y\n")).toEqual([
    "f:1: invalid YAML: text that starts with @ needs quotes",
    'f:3: invalid YAML: a second ": " on this line; put text that holds one in quotes',
    "f:4: invalid YAML: text that starts with % needs quotes; a variable of the environment is written ${NAME}",
  ]);
});

test.each(["a: {}\n}CANARY\n", "a: [1]\n]CANARY: x\n", 'a: "\\qCANARY"\n', "CANARY\nb: 1\n", "a: 'CANARY\n"])(
  "readDocument() does not quote the file: %j",
  async (text) => {
    const messages = await messagesOf(text);
    expect(messages).not.toEqual([]);
    expect(messages.join("\n")).not.toContain("CANARY");
  },
);

test("readDocument() tells how to write a variable inside brackets", async () => {
  expect(await messagesOf("a: [${NAME}]\n")).toEqual([
    "f:1: invalid YAML: inside [ ] and { } a value with ${...} needs quotes, which make it text; a number, true or false goes on a line of its own, without brackets and quotes",
  ]);
});

const SCHEMA = z.strictObject({
  a: z.unknown().optional(),
  list: z.array(z.strictObject({ name: z.string(), id: z.number() })).optional(),
  last: z.literal("only"),
});

/** What follows a mistake is judged all the same, and nothing is said that only follows from it. */
test.each([
  ["a: @x\n", [1]],
  ["a: b: c\n", [1]],
  ["a:\n  b: 1\n   c: 1\n  d: 1\n", [3]],
  ["a:\n  b: 1\n c: 1\n", [3]],
  ["a:\n\tb: 1\n\tc: 1\n", [2]],
  ['a: "x\n', [1]],
  ["a: [x,\n  y\n", [1]],
  ["a: {x: {y: 1}\n", [1]],
  ["a: {}\n}x\n", [2]],
  ["a\n", [1]],
  ["a: |\nx\n", [2]],
  ["<<<<<<< HEAD\na: 1\n=======\n>>>>>>> theirs\n", [1, 3, 4]],
  ["list:\n  - name: x\n    id 1\n", [3]],
  ["list:\n  - name: x\n    id: 1\n  name: y\n    id: 2\n", [4]],
  ["list:\n  - name: x\n    %\n", [3]],
])("readDocument() tells what else is wrong beside %j", async (text, lines) => {
  const result = await readDocument(`${text}last: other\n`, SCHEMA);
  const problems = result.ok ? [] : result.problems;
  const syntax = problems.filter(({ message }) => message.startsWith("invalid YAML"));
  expect(syntax.map(({ line }) => line)).toEqual(lines);
  expect(problems.filter((problem) => !syntax.includes(problem))).toMatchObject([
    { path: "last", message: 'expected only, got "other"' },
  ]);
});

test("readDocument() says nothing of the rest where nothing can be told of it", async () => {
  const text = `${"a: @\nb: %\n".repeat(60)}last: other\n`;
  const result = await readDocument(text, SCHEMA);
  const messages = result.ok ? [] : result.problems.map(({ message }) => message);
  expect(messages.length).toBeGreaterThan(50);
  expect(messages.filter((message) => !message.startsWith("invalid YAML"))).toEqual([]);
});
