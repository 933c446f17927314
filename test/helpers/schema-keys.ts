import { configJsonSchema } from "../../docs/src/configuration-schema.ts";
import type { Path } from "../../src/document/path.ts";

interface SchemaKey {
  /** From the root; the items of a list are at 0. */
  readonly path: Path;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Every key of the configuration, as the JSON Schema has it. */
export function schemaKeys(): readonly SchemaKey[] {
  return [...keysIn(configJsonSchema(), [])];
}

function* keysIn(schema: SchemaKey["schema"], path: Path): Iterable<SchemaKey> {
  const { items, anyOf = [], properties = {} } = schema as JsonSchema;
  if (items !== undefined) yield* keysIn(items, [...path, 0]);
  for (const each of anyOf) yield* keysIn(each, path);
  for (const [key, value] of Object.entries(properties)) {
    yield { path: [...path, key], schema: value };
    yield* keysIn(value, [...path, key]);
  }
}

interface JsonSchema {
  readonly items?: SchemaKey["schema"];
  readonly anyOf?: readonly SchemaKey["schema"][];
  readonly properties?: Readonly<Record<string, SchemaKey["schema"]>>;
}
