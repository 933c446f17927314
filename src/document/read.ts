import type { z } from "zod";
import { expectation, problemsOfIssues } from "./issues.ts";
import type { Environment } from "./expand.ts";
import { parseMended } from "./parse.ts";
import { type Problem, sortProblems } from "./problems.ts";
import { createSource, type IsHidden, type Source } from "./source.ts";
import { isTextAt } from "./schema-at.ts";
import { walk } from "./walk.ts";

export interface ReadOptions {
  /** Values for `${NAME}`; without it nothing is expanded. */
  readonly env?: Environment;
  /** Marks what no problem may show. */
  readonly isHidden?: IsHidden;
}

export type ReadResult<T> =
  | { readonly ok: true; readonly value: T; readonly source: Source }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly source: Source };

/**
 * One YAML document as the schema's value, or every problem in it with line and path. Strict: one document,
 * no duplicate keys, no tags; aliases are bounded. An empty document counts as an empty mapping. Where the schema
 * takes text, an unquoted scalar is text as written.
 */
export async function readDocument<S extends z.ZodType>(
  text: string,
  schema: S,
  options: ReadOptions = {},
): Promise<ReadResult<z.output<S>>> {
  const { document, lines, problems, mended, dropped } = parseMended(text);
  const isHidden = options.isHidden ?? (() => false);
  const walked = walk(document, {
    env: options.env,
    isText: (path) => isTextAt(schema, path),
    lineOf: (offset) => lines.linePos(offset).line,
  });
  const source = createSource(walked, lines, { isHidden, mended, dropped });
  if (document === undefined) return { ok: false, problems: sortProblems(problems), source };
  const result = await schema.safeParseAsync(walked.raw ?? {}, { error: expectation });
  if (result.success && source.faults.length === 0 && problems.length === 0)
    return { ok: true, value: result.data, source };
  const issues = result.success ? [] : problemsOfIssues(result.error.issues, schema, source, isHidden);
  return { ok: false, problems: sortProblems([...problems, ...source.faults, ...issues]), source };
}
