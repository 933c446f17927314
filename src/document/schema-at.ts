import type { z } from "zod";
import type { Path } from "./path.ts";

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes["_zod"]["def"];

/** What the schema says of this place in a document: more than one thing where it leaves a choice, nothing where it knows no such place. */
function defsAt(schema: Schema, path: Path): readonly Def[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if ("innerType" in def) return defsAt(def.innerType, path);
  if (def.type === "pipe") return defsAt(def.in, path);
  if (def.type === "union") return def.options.flatMap((option) => defsAt(option, path));
  const [first, ...rest] = path;
  if (first === undefined) return [def];
  if (def.type === "array") return defsAt(def.element, rest);
  if (def.type === "record") return defsAt(def.valueType, rest);
  const inner = def.type === "object" && Object.hasOwn(def.shape, first) ? def.shape[first] : undefined;
  return inner === undefined ? [] : defsAt(inner, rest);
}

/** The keys that the schema's mapping at this path may have; empty when there is none. */
export function knownKeys(schema: Schema, path: Path): readonly string[] {
  return defsAt(schema, path).flatMap((def) => (def.type === "object" ? Object.keys(def.shape) : []));
}

/** Whether the schema takes text at this path and no scalar of another type, so that what is written there means its letters. */
export function isTextAt(schema: Schema, path: Path): boolean {
  const types = new Set(defsAt(schema, path).map(({ type }) => type));
  return (types.has("string") || types.has("enum")) && !types.has("boolean") && !types.has("number");
}

/** Where in the document the schema knows a key of this name: `poll`, `accounts[].discovery`, `""` for the root. */
export function placesOf(schema: Schema, key: string, at = ""): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if ("innerType" in def) return placesOf(def.innerType, key, at);
  if (def.type === "pipe") return placesOf(def.in, key, at);
  if (def.type === "union") return def.options.flatMap((option) => placesOf(option, key, at));
  if (def.type === "array") return placesOf(def.element, key, `${at}[]`);
  if (def.type !== "object") return [];
  const here = Object.hasOwn(def.shape, key) ? [at] : [];
  const inside = Object.entries(def.shape).flatMap(([name, inner]) =>
    placesOf(inner, key, at === "" ? name : `${at}.${name}`),
  );
  return [...here, ...inside];
}
