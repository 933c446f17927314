import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { expectation, problemsOfIssues } from "./issues.ts";
import { type Problem, sortProblems } from "./problems.ts";
import { createSource, type IsHidden, type Source } from "./source.ts";
import { syntaxProblems } from "./syntax.ts";
import { walk, type WalkOptions } from "./walk.ts";

export interface ReadOptions extends WalkOptions {
  /** Marks what no problem may show. */
  readonly isHidden?: IsHidden;
}

export type ReadResult<T> =
  | { readonly ok: true; readonly value: T; readonly source: Source }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * One YAML document as the schema's value, or every problem in it with line and path. Strict: one document,
 * no duplicate keys, no tags; aliases are bounded. An empty document counts as an empty mapping.
 */
export async function readDocument<S extends z.ZodType>(
  text: string,
  schema: S,
  options: ReadOptions = {},
): Promise<ReadResult<z.output<S>>> {
  const lines = new LineCounter();
  // Duplicates are found by the walk, which knows their paths.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  if (document.errors.length > 0)
    return { ok: false, problems: sortProblems(syntaxProblems(text, document.errors, lines)) };

  const isHidden = options.isHidden ?? (() => false);
  const walked = walk(document, (offset) => lines.linePos(offset).line, options);
  const source = createSource(walked, lines, isHidden);
  const result = await schema.safeParseAsync(walked.raw ?? {}, { error: expectation });
  if (result.success && source.faults.length === 0) return { ok: true, value: result.data, source };
  const issues = result.success ? [] : problemsOfIssues(result.error.issues, schema, source, isHidden);
  return { ok: false, problems: sortProblems([...source.faults, ...issues]) };
}
