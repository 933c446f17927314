import { describe, expect, test } from "vitest";
import { z } from "zod";
import { formatProblem } from "../../src/document/problems.ts";
import { readDocument, type ReadOptions } from "../../src/document/read.ts";
import { rule } from "../../src/document/rule.ts";

async function valueOf(text: string, options: ReadOptions = {}): Promise<unknown> {
  const result = await readDocument(text, z.unknown(), options);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

async function messagesOf(text: string, schema: z.ZodType = z.unknown(), options: ReadOptions = {}) {
  const result = await readDocument(text, schema, options);
  return result.ok ? [] : result.problems.map((problem) => formatProblem("f", problem));
}

const isHidden = (path: readonly unknown[], value: unknown) =>
  path.at(-1) === "password" || value === "CANARY";

describe("readDocument() values", () => {
  test("are typed by YAML 1.2", async () => {
    const text = "a: 1\nb: 1.5\nc: true\nd: yes\ne: ~\nf:\ng: 'x'\nh: [1, {i: 2}]\nj: 2024-01-01\n1: k\n";
    expect(await valueOf(text)).toEqual({
      a: 1,
      b: 1.5,
      c: true,
      d: "yes",
      e: null,
      f: null,
      g: "x",
      h: [1, { i: 2 }],
      j: "2024-01-01",
      1: "k",
    });
  });

  test("are typed after expansion when unquoted, and text when quoted, in a block or tagged so", async () => {
    const env = { N: "5", T: "true", W: "word", C: "a: b", H: "#x", Q: "'q'", A: "*a", L: "1\n2" };
    const text =
      "n: ${N}\nnn: 1${N}\nt: ${T}\nw: ${W}\nc: ${C}\nh: ${H}\nq: ${Q}\na: ${A}\nl: ${L}\ne: ${X:-}\n" +
      "quoted: \"${N}\"\nsingle: '${N}'\nblock: |-\n  ${N}\ntagged: !!str ${N}\n";
    expect(await valueOf(text, { env })).toEqual({
      n: 5,
      nn: 15,
      t: true,
      w: "word",
      c: "a: b",
      h: "#x",
      q: "'q'",
      a: "*a",
      l: "1\n2",
      e: null,
      quoted: "5",
      single: "5",
      block: "5",
      tagged: "5",
    });
  });

  test("are not expanded in keys and comments, and nowhere without an environment", async () => {
    expect(await valueOf("${A}: 1 # ${B}\n", { env: {} })).toEqual({ "${A}": 1 });
    expect(await valueOf("a: ${A}\n")).toEqual({ a: "${A}" });
  });

  test("stay text as written where the schema takes text, but nothing stays nothing", async () => {
    const text = z.string().nullish();
    const schema = z.strictObject({
      plain: text.prefault("x"),
      list: z.array(z.enum(["1e3"])),
      by: z.record(z.string(), z.union([text, z.strictObject({ a: text })])),
      read: z.codec(text, z.unknown(), { decode: (value) => [value], encode: String }),
      nothing: text,
      variable: text,
    });
    const written =
      "plain: 0100\nlist: [1e3]\nby: { constructor: true, b: { a: 1.10 } }\nread: 0\nnothing: ~\nvariable: ${N}\n";
    expect(await readDocument(written, schema, { env: { N: "007" } })).toMatchObject({
      ok: true,
      value: {
        plain: "0100",
        list: ["1e3"],
        by: { constructor: "true", b: { a: "1.10" } },
        read: ["0"],
        nothing: null,
        variable: "007",
      },
    });
  });

  test("are typed where the schema takes another scalar, or knows no such place", async () => {
    const schema = z.strictObject({
      either: z.union([z.string(), z.boolean()]),
      count: z.union([z.string(), z.int()]),
      map: z.strictObject({}),
    });
    const text = "either: true\ncount: 010\nmap: 1\nconstructor: 1\n";
    const result = await readDocument(text, schema.catchall(z.unknown()).extend({ map: z.unknown() }));
    expect(result).toMatchObject({ value: { either: true, count: 10, map: 1, constructor: 1 } });
    expect(await messagesOf("map: 1\nconstructor: 1\n", schema.pick({ map: true }))).toEqual([
      "f:1: map: expected a mapping, got 1",
      'f:2: unknown key "constructor"',
    ]);
  });

  test("of aliases are those of their anchors", async () => {
    expect(await valueOf("a: &x {n: 1}\nb: *x\nc: [&y 2, *y]\n")).toEqual({
      a: { n: 1 },
      b: { n: 1 },
      c: [2, 2],
    });
  });

  test("of an empty document are an empty mapping", async () => {
    expect(await valueOf("# nothing\n")).toEqual({});
  });
});

test("readDocument() bounds what aliases stand for", async () => {
  const levels = Array.from({ length: 30 }, (_, index) => {
    const previous = index === 0 ? "x" : `*l${index - 1}`;
    return `l${index}: &l${index} [${Array.from({ length: 10 }, () => previous).join(", ")}]`;
  });
  const messages = await messagesOf(`${levels.join("\n")}\n`);
  expect(messages[0]).toMatch(/aliases stand for more than 10000 values$/);
  expect(messages.length).toBeLessThan(500);
});

test("readDocument() places a problem inside an alias at the alias", async () => {
  const schema = z.object({ a: z.unknown(), b: z.object({ n: z.boolean() }) });
  expect(await messagesOf("a: &x {n: 1}\nb: *x\n", schema)).toEqual([
    "f:2: b.n: expected true or false, got 1; write true",
  ]);
});

test("readDocument() says nothing more about a value that could not be read", async () => {
  const schema = z.strictObject({ a: z.strictObject({ n: z.number() }), b: z.number() });
  expect(await messagesOf("a: *none\nb: ${NONE}\n", schema, { env: {} })).toEqual([
    "f:1: a: alias of an anchor that is not set above it; text that starts with * needs quotes",
    "f:2: b: environment variable NONE is not set",
  ]);
});

test("readDocument() keeps hidden values out of problems", async () => {
  const schema = z.strictObject({ password: z.number(), n: z.number() });
  expect(await messagesOf("password: hunter2\nn: CANARY\nCANARY: 1\n", schema, { isHidden })).toEqual([
    "f:1: password: expected a number",
    "f:2: n: expected a number",
    "f:3: unknown key",
  ]);
});

test("readDocument() has words for what a schema leaves unsaid", async () => {
  const schema = z.strictObject({
    list: z.array(z.string()),
    flag: z.boolean(),
    choice: z.literal("only"),
    map: z.record(z.string(), z.int()),
    date: z.date(),
    short: z.string().max(2),
  });
  const text = "list: 1\nflag: 1\nchoice: no\nmap: { a: x, b: 1.5 }\ndate: 1\nshort: long\n";
  expect(await messagesOf(text, schema)).toEqual([
    "f:1: list: expected a list, got 1",
    "f:2: flag: expected true or false, got 1; write true",
    'f:3: choice: expected only, got "no"',
    'f:4: map.a: expected a number, got "x"',
    "f:4: map.b: expected a whole number, got 1.5",
    "f:5: date: expected date, got 1",
    "f:6: short: Too big: expected string to have <=2 characters",
  ]);
});

test("readDocument() suggests a known key at any depth", async () => {
  const item = z.union([z.string(), z.strictObject({ name: z.string().optional() })]);
  const schema = z.strictObject({
    items: z.array(item).optional(),
    by: z.record(z.string(), item).optional(),
  });
  expect(await messagesOf("items: [{nam: x}]\nby: {a: {Name: x}}\nitem: 1\n", schema)).toEqual([
    'f:1: items[0]: unknown key "nam", did you mean "name"?',
    'f:2: by.a: unknown key "Name", did you mean "name"?',
    'f:3: unknown key "item", did you mean "items"?',
  ]);
});

describe("rule()", () => {
  const schema = z
    .strictObject({ a: z.number(), b: z.number(), c: z.number() })
    .check(rule(["a", "b"], ({ a, b }, report) => a > b && report(["a"], "expected at most b")));

  test("runs although other keys are wrong or unknown", async () => {
    expect(await messagesOf("a: 2\nb: 1\nc: x\nd: 1\n", schema)).toEqual([
      "f:1: a: expected at most b, got 2",
      'f:3: c: expected a number, got "x"',
      'f:4: unknown key "d"',
    ]);
  });

  test("does not run on keys that are wrong themselves, or on no mapping", async () => {
    expect(await messagesOf("a: 2\nb: x\nc: 1\n", schema)).toEqual(['f:2: b: expected a number, got "x"']);
    expect(await messagesOf("[]\n", schema)).toEqual([
      'f:1: expected a mapping, got an empty list; write its items as "key: value", without dashes and brackets',
    ]);
  });
});
