import type { z } from "zod";
import { oneOf } from "./describe.ts";
import { nearest } from "./nearest.ts";
import { formatPath, type Path } from "./path.ts";
import type { Problem } from "./problems.ts";
import { adviceOn } from "./advice.ts";
import { isTextAt, knownKeys, placesOf } from "./schema-at.ts";
import { type IsHidden, type Source, valueAt } from "./source.ts";

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

/** Words of people who come from elsewhere, for keys that the schema does not know. */
export interface OtherWords {
  /** Keys of ours that may be meant, the first that the mapping (or else the schema) knows. */
  readonly meant: Readonly<Record<string, readonly string[]>>;
  /** What belongs elsewhere, as the rest of the sentence "unknown key ...". */
  readonly foreign: Readonly<Record<string, string>>;
}

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
  { isHidden, otherWords }: { readonly isHidden: IsHidden; readonly otherWords: OtherWords },
): readonly Problem[] {
  /** Keys that are not missing, but written otherwise. */
  const misnamed = new Set<string>();

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
      return source.mismatchesAt(path, issue.message, (value) =>
        adviceOn(value, issue, { own: knownKeys(schema, path), ofItems: knownKeys(schema, [...path, 0]) }),
      );
    return source.problemsAt(path, issue.message);
  }

  function unknownKey(path: Path, key: string): readonly Problem[] {
    const keyPath = [...path, key];
    if (ODD_SPACE.test(key)) {
      const advice = "unknown key, with a no-break space or the like in it; write plain spaces";
      return source.problemsAt(keyPath, advice, path);
    }
    const shown = key.length <= LONGEST_SHOWN_KEY && !isHidden(keyPath, key) ? ` ${JSON.stringify(key)}` : "";
    return source.problemsAt(keyPath, `unknown key${shown}${hintOn(path, key)}`, path);
  }

  function hintOn(path: Path, key: string): string {
    const known = knownKeys(schema, path);
    const others = otherWord(otherWords.meant, key) ?? [];
    const meant = others.find((other) => known.includes(other)) ?? nearest(key, known);
    if (meant !== undefined) {
      misnamed.add(formatPath([...path, meant]));
      return `, did you mean ${JSON.stringify(meant)}?`;
    }
    const foreign = otherWord(otherWords.foreign, key);
    if (foreign !== undefined) return `, ${foreign}`;
    const belongs = [key, ...others]
      .map((word) => [word, placesOf(schema, word)] as const)
      .find(([, places]) => places.length > 0);
    if (belongs !== undefined) {
      const [word, places] = belongs;
      const at = oneOf(places.map((place) => place || "the first column"));
      return word === key ? `, which belongs in ${at}` : `, did you mean ${JSON.stringify(word)} in ${at}?`;
    }
    return known.includes("name") ? nameAsKey(path) : "";
  }

  /** `- icon-ewr-01:` where a name, or a mapping with a name, is meant. */
  function nameAsKey(path: Path): string {
    const mapping = valueAt(source.raw, path);
    if (typeof mapping !== "object" || mapping === null || "name" in mapping) return "";
    misnamed.add(formatPath([...path, "name"]));
    if (isTextAt(schema, path) && Object.values(mapping).every((value) => value === null))
      return "; if it is the name, take the colon after it away";
    return '; if it is the name, write it after "name: ", and what belongs to it beneath in the same column';
  }

  const problems = issues.flatMap((issue) => problemsOf(issue, []));
  // Only the last one knows whether a key is missing or written otherwise.
  return problems.filter(({ path }) => !misnamed.has(path) || source.has(path));
}

function otherWord<T>(words: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

/** The one branch of a union whose kind of value this is: the one that complains about the inside alone. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) =>
    issues.every((issue) => issue.code !== "invalid_type" || issue.path.length > 0),
  );
}
