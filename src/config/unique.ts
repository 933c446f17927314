import { judgement } from "../document/rule.ts";
import { listOf, nameOf } from "./as-written.ts";

/** Every name in the list of that name once; each further one is a problem. Runs even if some items are wrong in themselves. */
export function uniqueNames(list: string) {
  return judgement((items, report) => {
    for (const [index, message] of repeatedNames(list, listOf(items) ?? [])) report([index], message);
  });
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
