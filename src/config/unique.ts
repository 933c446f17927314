import { z } from "zod";

/**
 * Every name in the list of that name once; each further one is a problem. Runs even if some items are wrong in themselves:
 * those are still as written, so that an item is a name, a mapping with a name, or anything at all.
 */
export function uniqueNames<Item>(list: string) {
  return z.superRefine<readonly Item[]>(
    (items, context) => {
      for (const [index, message] of repeatedNames(list, items))
        context.addIssue({ code: "custom", path: [index], message });
    },
    { when: ({ value }) => Array.isArray(value) },
  );
}

/** Index and message of each item whose name an earlier item has. */
export function repeatedNames(
  list: string,
  items: readonly unknown[],
): readonly (readonly [index: number, message: string])[] {
  const first = new Map<string, number>();
  return [...items.entries()].flatMap(([index, item]) => {
    const name = nameOf(item);
    const earlier = name === undefined ? undefined : first.get(name);
    if (earlier !== undefined) return [[index, `same name as ${list}[${earlier}]`] as const];
    if (name !== undefined) first.set(name, index);
    return [];
  });
}

function nameOf(item: unknown): string | undefined {
  const name = typeof item === "object" && item !== null && "name" in item ? item.name : item;
  return typeof name === "string" ? name : undefined;
}
