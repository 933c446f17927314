import type { z } from "zod";
import type { Path } from "./path.ts";

type Schema = z.core.$ZodType;

/** The keys that the schema's mapping at this path may have; empty when there is none. */
export function knownKeys(schema: Schema, path: Path): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if ("innerType" in def) return knownKeys(def.innerType, path);
  if (def.type === "pipe") return knownKeys(def.in, path);
  if (def.type === "union") return def.options.flatMap((option) => knownKeys(option, path));
  const [first, ...rest] = path;
  if (def.type === "object") {
    if (first === undefined) return Object.keys(def.shape);
    const next = def.shape[first];
    return next === undefined ? [] : knownKeys(next, rest);
  }
  if (first === undefined) return [];
  if (def.type === "array") return knownKeys(def.element, rest);
  return def.type === "record" ? knownKeys(def.valueType, rest) : [];
}
