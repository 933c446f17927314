import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { securityHeaders } from "../src/http/gate/security-headers.ts";
import { CLIENT_AUTH_TYPES, CURVES, VERSIONS } from "../src/http/web-config/go-tls-names.ts";
import { webConfigSchema } from "../src/http/web-config/schema.ts";
import { codeBlocksOf, tableOf, termsIn } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const webConfig = page("docs/web-config.md");
const schema = z.toJSONSchema(webConfigSchema, { io: "input", unrepresentable: "any" });

/** Keys that hold a value, such as `rate_limit.burst`; the keys of headers are one, as users are. */
function leavesOf(value: unknown, path: string): readonly string[] {
  const [mapping] = propertiesIn(value);
  if (mapping === undefined || path === "http_server_config.headers") return [path];
  return Object.entries(mapping).flatMap(([key, inner]) =>
    leavesOf(inner, path === "" ? key : `${path}.${key}`),
  );
}

/** The properties of a mapping, through the alternatives of one that may be left empty. */
function propertiesIn(value: unknown): readonly object[] {
  if (typeof value !== "object" || value === null) return [];
  if ("properties" in value) return [value.properties as object];
  return "anyOf" in value ? (value.anyOf as unknown[]).flatMap(propertiesIn) : [];
}

test("docs/web-config.md has every key, and no other", () => {
  const described = tableOf(webConfig, "| key | value |").flatMap(([keys = ""]) => termsIn(keys));
  expect(described.toSorted()).toEqual(leavesOf(schema, "").toSorted());
});

test("docs/web-config.md has every choice of client authentication, version and curve", () => {
  const types = tableOf(webConfig, "| `client_auth_type` | who gets in |").flatMap(([names = ""]) =>
    termsIn(names),
  );
  expect(types.toSorted()).toEqual(Object.keys(CLIENT_AUTH_TYPES).toSorted());
  for (const name of [...Object.keys(VERSIONS), ...Object.keys(CURVES)])
    expect(webConfig).toContain(`\`${name}\``);
});

test("docs/web-config.md has the headers of every answer, and those that may be set", () => {
  const rows = tableOf(webConfig, "| header | value |").map((row) => row.flatMap(termsIn));
  expect(rows).toEqual(securityHeaders());
  const [headers = {}] = propertiesIn(
    Object.entries(propertiesIn(schema)[0] ?? {})
      .filter(([key]) => key === "http_server_config")
      .flatMap(([, value]) =>
        propertiesIn(value).map((mapping) => ("headers" in mapping ? mapping.headers : undefined)),
      )[0],
  );
  const settable = /It may name (?<names>[\s\S]*?)\.\n/.exec(webConfig)?.groups?.["names"] ?? "";
  expect(termsIn(settable).toSorted()).toEqual(Object.keys(headers).toSorted());
});

test("docs/web-config.md shows a file that is valid", () => {
  const [example = ""] = codeBlocksOf(webConfig, "yaml");
  expect(webConfigSchema.safeParse(parse(example)).error?.issues ?? []).toEqual([]);
});
