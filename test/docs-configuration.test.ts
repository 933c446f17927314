import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { configurationPage } from "../docs/src/configuration-page.ts";
import { configJsonSchema } from "../docs/src/configuration-schema.ts";
import { formatPath } from "../src/document/path.ts";
import { formatWithExcerpt } from "../src/document/problems.ts";
import { messages, parse as parseText, PLAIN, text } from "./helpers/parse-config.ts";
import { schemaKeys } from "./helpers/schema-keys.ts";

const example = readFileSync("config.example.yaml", "utf8");
const page = readFileSync("docs/configuration.md", "utf8");
const accepts = (text: string): boolean =>
  z.fromJSONSchema(configJsonSchema()).safeParse(parseYaml(text)).success;

test("docs/config.schema.json is what configJsonSchema() gives", () => {
  const file: unknown = JSON.parse(readFileSync("docs/config.schema.json", "utf8"));
  expect(file).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});

test("configJsonSchema() describes every key", () => {
  const bare = schemaKeys().filter(({ schema }) => !("description" in schema));
  expect(bare.map(({ path }) => formatPath(path))).toEqual([]);
});

test("configJsonSchema() accepts the example, and variables in place of values", () => {
  expect(accepts(example)).toBe(true);
  expect(accepts(example.replace("retries: 2", "retries: ${RETRIES}"))).toBe(true);
  expect(accepts(example.replace("interval: 60s", "interval: ${INTERVAL:-60s}"))).toBe(true);
});

test.each([
  ["retries: 2", "retries: 11"],
  ["interval: 60s", "interval: 60"],
  ["interval: 60s", "interval: 60x"],
  ["label: full", "label: some"],
  ["mask_numbers: true", "mask_numbers: maybe"],
  ["timeout: 10s", "timout: 10s"],
  ["circuit_id:", "circuit-id:"],
  ["# api_token:", "api_token:"],
  ["api_token_file:", "# api_token_file:"],
  ["attention_interval: 15s", "attention_interval: 15"],
  ["budget: 600", "budget: 5"],
  ["enabled: false", "enabled: maybe"],
  ['include: ["*"]', "include: []"],
  ["groups: []", "groups: [{ name: a, members: [icon-ewr-01] }]"],
])("configJsonSchema() refuses a file in which %s reads %s", (right, wrong) => {
  expect(example).toContain(right);
  expect(accepts(example.replace(right, wrong))).toBe(false);
});

/** The code blocks of a language in the page. */
function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(
    ([, code = ""]) => code,
  );
}

describe("docs/configuration.md", () => {
  test("is what `npm run configuration` writes", () => {
    expect(page).toBe(configurationPage());
  });

  test("has a row for each key, under the heading of its mapping", () => {
    const rows = page.split(/^#+ /m).flatMap((part) => {
      const heading = /^`(\w+)`\n/.exec(part)?.[1] ?? "";
      return [...part.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => `${heading}.${key}`);
    });
    const expected = schemaKeys().flatMap(({ path }) => {
      const [parent, key] = path.filter((part) => typeof part === "string").slice(-2);
      return key === undefined ? [] : [`${parent}.${key}`];
    });
    expect(rows.toSorted()).toEqual(expected.toSorted());
  });

  test("shows only what loads", async () => {
    const all = blocks("yaml").map((code) => {
      if (code.includes("account_id:")) return code;
      if (!code.startsWith("interconnects:")) return `${text(["api_token: x"])}\n${code}`;
      return text(["api_token: x", ...code.trimEnd().split("\n")]);
    });
    expect(all.length).toBeGreaterThan(4);
    for (const code of all) expect(await messages(code, { CLOUDFLARE_API_TOKEN: "x" })).toEqual([]);
  });

  test("shows problems as they are printed", async () => {
    const wrong = text(PLAIN, "# Ours\npoll:\n  intervall: 30s").replace(
      /account_id: \w+/,
      "account_id: 023e105f",
    );
    const result = await parseText(wrong);
    const problems = result.ok ? [] : result.problems;
    const printed = problems.map((problem) => `${formatWithExcerpt("config.yaml", problem)}\n`);
    expect(blocks("text").join("")).toBe(printed.join(""));
  });
});
