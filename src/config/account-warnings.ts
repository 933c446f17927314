import { listOf, nameOf, valueOf } from "./as-written.ts";
import type { Warning } from "./load-context.ts";

/** What is valid among accounts and hardly meant: a pattern as a name, and one circuit in two accounts. */
export function* accountWarnings(config: unknown): Iterable<Warning> {
  const firstOf = new Map<string, string>();
  for (const [index, account] of (listOf(valueOf(config, "accounts")) ?? []).entries()) {
    for (const [position, item] of (listOf(valueOf(account, "interconnects")) ?? []).entries()) {
      const name = nameOf(item);
      if (name === undefined) continue;
      const place = `accounts[${index}].interconnects[${position}]`;
      const path = ["accounts", index, "interconnects", position];
      const earlier = firstOf.get(name);
      if (earlier === undefined) firstOf.set(name, place);
      if (name.includes("*")) {
        const message = "holds a *, but names here are no patterns; patterns go in discovery.include";
        yield { path, message };
      } else if (earlier !== undefined && !earlier.startsWith(`accounts[${index}].`)) {
        const message = `same name as ${earlier} of another account; when it is one circuit, list it once, where it belongs`;
        yield { path, message };
      }
    }
  }
}
