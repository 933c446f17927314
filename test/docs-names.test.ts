import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FLAGS } from "../src/cli/flags.ts";
import { currentCatalogue } from "../docs/src/metrics-page.ts";
import { proseOf, termsIn } from "./helpers/markdown.ts";
import { PAGES } from "./helpers/pages.ts";

const names = currentCatalogue().map(({ name }) => name);
const pages = [...PAGES].filter(([path]) => path !== "CHANGELOG.md");

/** All keys of the configuration, such as `poll.interval` and `accounts[].name`. */
function keysOf(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, inner]) => {
    if (keyword === "items") return keysOf(inner, `${path}[]`);
    if (keyword !== "properties") return keysOf(inner, path);
    return Object.entries(inner as object).flatMap(([key, value]) => {
      const own = path === "" ? key : `${path}.${key}`;
      return [own].concat(keysOf(value, own));
    });
  });
}

test("pages name only metrics that exist", () => {
  const known = new Set(names.flatMap((name) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]));
  const named = pages.flatMap(([from, text]) =>
    // Records have colons, prefixes end in an underscore, and scrape configs speak of meta labels.
    [...text.matchAll(/(?<![:\w])cloudflare_interconnect_[a-z0-9_]*[a-z0-9](?![:\w]|_\w|_?\()/g)].map(
      ([name]) => ({
        from,
        name,
      }),
    ),
  );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
});

test("pages shorten only names of metrics that exist", () => {
  const shortened = /^(?!cloudflare_)[a-z_]+_(?:info|requests|seconds|success|successful|total)(?=\{|$)/;
  const named = pages.flatMap(([from, text]) =>
    termsIn(text).flatMap((term) => (shortened.exec(term) ?? []).map((name) => ({ from, name }))),
  );
  expect(named.length).toBeGreaterThan(8);
  const fieldsOfJson = new Set(["age_seconds", "last_success"]);
  const known = (short: string): boolean =>
    fieldsOfJson.has(short) || names.some((name) => name.endsWith(`_${short}`));
  expect(named.filter(({ name }) => !known(name))).toEqual([]);
});

test("pages name only flags that exist, and their defaults", () => {
  const named = pages.flatMap(([from, text]) =>
    [...text.matchAll(/(?<![\w-])--((?:config|log|storage|web)\.[a-z.-]*[a-z])/g)].map(([, flag = ""]) => ({
      from,
      flag,
    })),
  );
  expect(named.length).toBeGreaterThan(40);
  // Prometheus's own.
  const others = new Set(["storage.tsdb.path", "storage.tsdb.retention.time"]);
  expect(named.filter(({ flag }) => !Object.hasOwn(FLAGS, flag) && !others.has(flag))).toEqual([]);
  const defaults = pages.flatMap(([from, text]) =>
    [...proseOf(text).matchAll(/`--([a-z.-]+)` \((\d+)\)/g)].map(([, flag = "", value]) => ({
      from,
      flag,
      value,
    })),
  );
  expect(defaults.length).toBeGreaterThan(0);
  const byName: Readonly<Record<string, { readonly type: string; readonly default?: string }>> = FLAGS;
  expect(defaults.filter(({ flag, value }) => byName[flag]?.default !== value)).toEqual([]);
});

test("pages name only configuration keys that exist", () => {
  const known = new Set(keysOf(JSON.parse(readFileSync("docs/config.schema.json", "utf8")), ""));
  expect(known).toContain("accounts[].discovery.interval");
  const named = pages.flatMap(([from, text]) =>
    termsIn(text)
      .filter((term) => /^(?:accounts\[\]|api|groups\[\]|poll|reasons)\.[a-z_.]+$/.test(term))
      .map((key) => ({ from, key })),
  );
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter(({ key }) => !known.has(key) && key !== "api.cloudflare.com")).toEqual([]);
});
