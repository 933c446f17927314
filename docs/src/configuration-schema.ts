import { z } from "zod";
import { loadContext } from "../../src/config/load-context.ts";
import { configSchema } from "../../src/config/schema.ts";

/** Stands for a value that the environment gives, which an editor cannot check. */
const REFERENCE = { type: "string", pattern: String.raw`\$\{` } as const;

/** Keywords that constrain a value; the others (description, default) stay where they are. */
const CONSTRAINTS = ["type", "enum", "pattern", "minimum", "maximum"] as const;

/** The JSON Schema (2020-12) of the config file, for editors; `docs/config.schema.json` holds it. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(configSchema(loadContext(".")), {
    io: "input",
    override: ({ jsonSchema, path }) => {
      // Variables are expanded in values, not in keys.
      if (path.includes("propertyNames")) return;
      const { type } = jsonSchema;
      if (
        type === "string" ? (jsonSchema.pattern ?? jsonSchema.enum) : type === "boolean" || type === "integer"
      ) {
        const strict: Record<string, unknown> = {};
        for (const keyword of CONSTRAINTS) {
          if (jsonSchema[keyword] === undefined) continue;
          strict[keyword] = jsonSchema[keyword];
          delete jsonSchema[keyword];
        }
        jsonSchema.anyOf = [strict, REFERENCE];
      }
    },
  });
}
