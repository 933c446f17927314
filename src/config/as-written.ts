/**
 * Looks at values of which some may be broken: those are still as written, so that an item is a name, a mapping with a
 * name, or anything at all. What cannot be told is undefined, and so is whatever depends on it.
 */
export function valueOf(mapping: unknown, key: string): unknown {
  return typeof mapping === "object" && mapping !== null ? Reflect.get(mapping, key) : undefined;
}

/** The items; undefined for what is no list. */
export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** The name of an item, or the item that is a name; one that could not be read is `""`, and none. */
export function nameOf(item: unknown): string | undefined {
  const name = typeof item === "string" ? item : valueOf(item, "name");
  return typeof name === "string" && name !== "" ? name : undefined;
}
