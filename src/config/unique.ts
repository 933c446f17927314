import { z } from "zod";

/**
 * Every name in the list of that name once; each further one is a problem. Runs even if some items are wrong in themselves:
 * those are still as written, so that an item is a name, a mapping with a name, or anything at all.
 */
export function uniqueNames<Item>(list: string) {
  return z.superRefine<readonly Item[]>(
    (items, context) => {
      const first = new Map<string, number>();
      for (const [index, item] of items.entries()) {
        const name = nameOf(item);
        const earlier = name === undefined ? undefined : first.get(name);
        if (earlier === undefined && name !== undefined) first.set(name, index);
        else if (earlier !== undefined) {
          const message = `same name as ${list}[${earlier}]`;
          context.addIssue({ code: "custom", path: [index], message });
        }
      }
    },
    { when: ({ value }) => Array.isArray(value) },
  );
}

function nameOf(item: unknown): string | undefined {
  const name = typeof item === "object" && item !== null && "name" in item ? item.name : item;
  return typeof name === "string" ? name : undefined;
}
