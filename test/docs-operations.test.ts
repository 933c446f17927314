import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { usage } from "../src/cli/flags.ts";
import { EXIT_CODES } from "../src/domain/verdict.ts";
import { tableOf, tablesOf, termsIn } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const operations = page("docs/operations.md");
const sources = globSync("src/**/*.ts").map((path) => readFileSync(path, "utf8"));

/** The message of a call of the logger, and of an edge, which is logged elsewhere. */
const MESSAGES = [
  /\blog(?:\.(?:debug|info|warn|error)|\[[^\]]+\])\([^;]*?"([A-Z][^"]*)",?\s*\)/g,
  /\bmessage:\s+"(Interconnect changed state|Poll [^"]+|API answered [^"]+|A pattern [^"]+)"/g,
];

function messagesIn(source: string): readonly string[] {
  return MESSAGES.flatMap((pattern) => [...source.matchAll(pattern)].map(([, message = ""]) => message));
}

/** As the page describes them: the message and the fields of its own. */
function described(): readonly (readonly [message: string, fields: readonly string[]])[] {
  const rows = tablesOf(operations, "| message | level | fields of its own |").flat();
  const bugs = /Of bugs, please report them: (?<messages>[^.]*?) each at level/.exec(operations)?.groups;
  return [
    ...rows.map(([message = "", , fields = ""]) => [termsIn(message).join(""), termsIn(fields)] as const),
    ...termsIn(bugs?.["messages"] ?? "").map((message) => [message, ["err"]] as const),
  ];
}

test("docs/operations.md shows the usage as --help prints it", () => {
  expect(operations).toContain(`\`\`\`text\n${usage()}\`\`\``);
});

test("docs/operations.md has every message of the log, and no other", () => {
  const logged = new Set(sources.flatMap(messagesIn));
  expect(logged.size).toBeGreaterThan(30);
  const names = described().map(([message]) => message);
  expect(names.toSorted()).toEqual([...logged].toSorted());
});

test.each(described())(
  "docs/operations.md has fields of %j that are where it is logged",
  (message, fields) => {
    const source = sources.filter((text) => messagesIn(text).includes(message)).join("\n");
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter((field) => !new RegExp(`\\b${field}\\b(?:[:,]| \\})`).test(source))).toEqual([]);
  },
);

test("docs/operations.md has the exit code of each verdict", () => {
  const codes = tableOf(operations, "| exit code | the worst interconnect is |").map(([code]) =>
    Number(code),
  );
  expect(new Set(codes)).toEqual(new Set(Object.values(EXIT_CODES)));
  expect(operations).toContain(`a monitoring plugin: ${Object.keys(EXIT_CODES).join(", ")};`);
});

test("docs/operations.md has every variable of the environment that stands in for a file", () => {
  const read = sources.flatMap((text) =>
    [...text.matchAll(/"(CLOUDFLARE_[A-Z_]+)"/g)].map(([, name = ""]) => name),
  );
  const rows = tableOf(operations, "| variable | what |").flat().flatMap(termsIn);
  expect([...new Set(rows)].toSorted()).toEqual([...new Set(read)].toSorted());
});

test("docs/operations.md has every signal that the process listens to", () => {
  const text = sources.join("\n");
  const handled = new Set([...text.matchAll(/"(SIG[A-Z]+)"/g)].map(([, name = ""]) => name));
  const rows = tableOf(operations, "| signal | what follows |").flatMap(([names = ""]) => termsIn(names));
  expect(rows.toSorted()).toEqual([...handled].toSorted());
});
