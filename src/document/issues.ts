import type { z } from "zod";
import { oneOf } from "./describe.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./path.ts";
import type { Problem } from "./problems.ts";
import { adviceOn } from "./advice.ts";
import { knownKeys, placesOf } from "./schema-at.ts";
import type { IsHidden, Source } from "./source.ts";

type Issue = z.core.$ZodIssue;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a mapping",
  record: "a mapping",
  string: "text",
};
const LONGEST_SHOWN_KEY = 32;
/** Spaces that look like one and come along when text is copied from a page. */
const ODD_SPACE = /[\u00a0\u2000-\u200f\u3000\ufeff]/;

/** Messages for the issues to which a schema gives none of its own. */
export const expectation: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "invalid_type") return `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") return `expected ${oneOf(issue.values.map(String))}`;
  return undefined;
};

/** The schema's issues as problems with places. A message that starts with "expected " also tells what came. */
export function problemsOfIssues(
  issues: readonly Issue[],
  schema: z.core.$ZodType,
  source: Source,
  isHidden: IsHidden,
): readonly Problem[] {
  function problemsOf(issue: Issue, parent: Path): readonly Problem[] {
    const path: Path = [
      ...parent,
      ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part)),
    ];
    if (issue.code === "unrecognized_keys") return issue.keys.flatMap((key) => unknownKey(path, key));
    if (issue.code === "invalid_key") {
      return issue.issues.flatMap(({ message }) => source.problemsAt(path, message));
    }
    const branch = issue.code === "invalid_union" ? meantBranch(issue.errors) : undefined;
    if (branch !== undefined) return branch.flatMap((inner) => problemsOf(inner, path));
    if (issue.message.startsWith("expected "))
      return source.mismatchesAt(path, issue.message, (value) => adviceOn(value, issue));
    return source.problemsAt(path, issue.message);
  }

  function unknownKey(path: Path, key: string): readonly Problem[] {
    const keyPath = [...path, key];
    if (ODD_SPACE.test(key)) {
      const advice = "unknown key, with a no-break space or the like in it; write plain spaces";
      return source.problemsAt(keyPath, advice, path);
    }
    const shown = key.length <= LONGEST_SHOWN_KEY && !isHidden(keyPath, key) ? ` ${JSON.stringify(key)}` : "";
    const meant = nearest(key, knownKeys(schema, path));
    const hint = meant === undefined ? belongsIn(key) : `, did you mean ${JSON.stringify(meant)}?`;
    return source.problemsAt(keyPath, `unknown key${shown}${hint}`, path);
  }

  function belongsIn(key: string): string {
    const places = placesOf(schema, key);
    return places.length === 0 ? "" : `, which belongs in ${oneOf(places)}`;
  }

  return issues.flatMap((issue) => problemsOf(issue, []));
}

/** The one branch of a union whose kind of value this is: the one that complains about the inside alone. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) =>
    issues.every((issue) => issue.code !== "invalid_type" || issue.path.length > 0),
  );
}
