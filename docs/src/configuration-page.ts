import { readFileSync } from "node:fs";
import { z } from "zod";
import { DURATION_PATTERN } from "../../src/config/fields.ts";
import { loadContext } from "../../src/config/load-context.ts";
import { configSchema } from "../../src/config/schema.ts";
import { oneOf } from "../../src/document/describe.ts";

type Schema = z.core.JSONSchema.JSONSchema;
type Inner = z.core.JSONSchema._JSONSchema | undefined;

const template = readFileSync(new URL("configuration.template.md", import.meta.url), "utf8");

/** `docs/configuration.md`: the template with what the schema says of each section in it. */
export function configurationPage(): string {
  const root = z.toJSONSchema(configSchema(loadContext(".")), { io: "input" });
  return template.replaceAll(/^\{\{([\w.]+)\}\}$/gm, (_, path: string) => sectionAt(root, path.split(".")));
}

/** The description and the table of the mapping at this path, through the lists on the way. */
function sectionAt(root: Schema, path: readonly string[]): string {
  const section = path.reduce<Schema | undefined>(
    (schema, key) => schemaOf(mappingIn(schema)?.properties?.[key]),
    root,
  );
  const { properties = {}, required = [] } = mappingIn(section) ?? {};
  const rows = Object.entries(properties).map(([key, schema]) =>
    rowOf(key, schemaOf(schema) ?? {}, required.includes(key)),
  );
  if (section === undefined || rows.length === 0)
    throw new Error(`The template names ${path.join(".")}, which is no mapping`);
  return [section.description, "", "| key | type | default | meaning |", "|---|---|---|---|", ...rows].join(
    "\n",
  );
}

function schemaOf(schema: Inner | Inner[]): Schema | undefined {
  return typeof schema === "object" && !Array.isArray(schema) ? schema : undefined;
}

/** The mapping that a value is, or that the items of a list are. */
function mappingIn(schema: Schema | undefined): Schema | undefined {
  if (schema === undefined || schema.properties !== undefined) return schema;
  const inner = [schema.items, ...(schema.anyOf ?? [])].map((each) => mappingIn(schemaOf(each)));
  return inner.find((each) => each?.properties !== undefined);
}

/** A default that depends on other values is told at the end of the description. */
function rowOf(key: string, schema: Schema, isRequired: boolean): string {
  const [meaning = "", told = ""] = (schema.description ?? "").split(" Default: ");
  const { default: written } = schema;
  const fallback = [
    isRequired ? "required" : "",
    written === undefined ? "" : `\`${typeof written === "string" ? written : JSON.stringify(written)}\``,
    told.replace(/\.$/, ""),
  ];
  return `| \`${key}\` | ${typeOf(schema)} | ${fallback.join("")} | ${meaning.replaceAll("|", String.raw`\|`)} |`;
}

function typeOf(schema: Schema): string {
  const { anyOf, type, minimum, maximum } = schema;
  if (anyOf !== undefined) {
    const choices = anyOf.filter((each) => schemaOf(each)?.type !== "null");
    return oneOf(choices.map((each) => typeOf(schemaOf(each) ?? {})));
  }
  if (schema.enum !== undefined) return oneOf(schema.enum.map((each) => `\`${String(each)}\``));
  if (schema.pattern === DURATION_PATTERN) return "duration";
  if (type === "boolean") return "`true` or `false`";
  if (type === "integer") {
    return maximum === Number.MAX_SAFE_INTEGER
      ? `whole number, at least ${minimum}`
      : `whole number, ${minimum} to ${maximum}`;
  }
  if (type === "array")
    return `list of ${typeOf(schemaOf(schema.items) ?? {}).replace("mapping", "mappings")}`;
  return type === "object" ? "mapping" : "text";
}
