import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { z } from "zod";
import { configJsonSchema } from "../../src/config/json-schema.ts";

const root = join(import.meta.dirname, "../..");
const example = readFileSync(join(root, "config.example.yaml"), "utf8");
const accepts = (text: string): boolean =>
  z.fromJSONSchema(configJsonSchema()).safeParse(parse(text)).success;

test("docs/config.schema.json is what configJsonSchema() gives", () => {
  const file: unknown = JSON.parse(readFileSync(join(root, "docs/config.schema.json"), "utf8"));
  expect(file).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});

test("configJsonSchema() describes every key", () => {
  const bare: string[] = [];
  const visit = (schema: unknown): void => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [keyword, inner] of Object.entries(schema)) {
      // There the keys stand for the ways to give a credential; they are described where they are defined.
      if (keyword === "oneOf") continue;
      if (keyword === "properties") {
        for (const [key, property] of Object.entries(inner as Record<string, object>)) {
          if (!("description" in property)) bare.push(key);
        }
      }
      visit(inner);
    }
  };
  visit(configJsonSchema());
  expect(bare).toEqual([]);
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
