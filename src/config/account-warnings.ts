import { listOf, nameOf, valueOf } from "./as-written.ts";
import type { Warning } from "./load-context.ts";

const LONGEST_JUDGED = 255;

/** What is valid among accounts and hardly meant: patterns of another kind, or as a name, and one circuit in two accounts. */
export function* accountWarnings(config: unknown): Iterable<Warning> {
  const accounts = listOf(valueOf(config, "accounts")) ?? [];
  yield* nameWarnings(accounts);
  for (const [index, account] of accounts.entries())
    yield* discoveryWarnings(accounts.slice(0, index), account, index);
}

function* nameWarnings(accounts: readonly unknown[]): Iterable<Warning> {
  const first = new Map<string, readonly [index: number, place: string]>();
  for (const [index, account] of accounts.entries()) {
    const id = idOf(account);
    for (const [position, item] of (listOf(valueOf(account, "interconnects")) ?? []).entries()) {
      const name = nameOf(item);
      if (name === undefined) continue;
      const path = ["accounts", index, "interconnects", position];
      const place = `accounts[${index}].interconnects[${position}]`;
      const circuit = id === undefined ? undefined : first.get(`${id}/${name}`);
      const [earlier, there] = circuit ?? first.get(name) ?? [index];
      for (const key of [name, `${id ?? ""}/${name}`]) if (!first.has(key)) first.set(key, [index, place]);
      if (name.includes("*")) {
        const message = "holds a *, but names here are no patterns; patterns go in discovery.include";
        yield { path, message };
      } else if (earlier !== index) {
        const message =
          circuit === undefined
            ? `same name as ${there} of another account; when it is one circuit, list it once, where it belongs`
            : `same circuit as ${there}, since both accounts have one account_id; it is polled and alerted on twice`;
        yield { path, message };
      }
    }
  }
}

function* discoveryWarnings(before: readonly unknown[], account: unknown, index: number): Iterable<Warning> {
  const discovery = valueOf(account, "discovery");
  for (const key of ["include", "exclude"] as const) {
    for (const [position, pattern] of (listOf(valueOf(discovery, key)) ?? []).entries()) {
      const message = typeof pattern === "string" ? patternWarning(pattern) : undefined;
      if (message !== undefined) yield { path: ["accounts", index, "discovery", key, position], message };
    }
  }
  const id = idOf(account);
  const twin = before.findIndex(
    (each) => id !== undefined && idOf(each) === id && findTheSame(each, account),
  );
  if (twin !== -1) {
    const message = `accounts[${twin}] has the same account_id and finds its interconnects too; what both take is polled and alerted on twice`;
    yield { path: ["accounts", index, "account_id"], message };
  }
}

/** Whether both discover, and not by patterns of their own. */
function findTheSame(one: unknown, other: unknown): boolean {
  const [patterns, others] = [one, other].map((account) => {
    const discovery = valueOf(account, "discovery");
    return valueOf(discovery, "enabled") === true ? (listOf(valueOf(discovery, "include")) ?? []) : [];
  });
  if (patterns === undefined || others === undefined || patterns.length === 0 || others.length === 0)
    return false;
  return (
    patterns.includes("*") || others.includes("*") || patterns.some((pattern) => others.includes(pattern))
  );
}

/** Patterns of other dialects, which a name could hold and hardly does. */
function patternWarning(pattern: string): string | undefined {
  // A longer one is refused anyway.
  if (pattern.length > LONGEST_JUDGED) return undefined;
  if (pattern.startsWith("!"))
    return "no pattern takes names away by a !; put it into discovery.exclude, without the !";
  if (/^\^|\$$|\.\*|\\|\||\[.*\]/.test(pattern))
    return "looks like a regular expression; here * is any run of characters and ? any one, for the whole name";
  return undefined;
}

/** Cloudflare's id, as written or as decoded: what else is wrong in the account decides. */
function idOf(account: unknown): string | undefined {
  const id = valueOf(account, "accountId") ?? valueOf(account, "account_id");
  return typeof id === "string" ? id.toLowerCase() : undefined;
}
