import type { z } from "zod";
import { expectation, type OtherWords, problemsOfIssues } from "./issues.ts";
import type { Environment } from "./expand.ts";
import { excerptOf, type Redact } from "./excerpt.ts";
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
  /** Takes out of a problem's words and path what only looks like a secret. */
  readonly hide?: (text: string) => string;
  /** What people call keys of the schema. @default none */
  readonly otherWords?: OtherWords;
  /** With it problems have excerpts. */
  readonly redact?: Redact;
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
  const { otherWords = { meant: {}, foreign: {} } } = options;
  const { document, lines, problems, mended, dropped } = parseMended(text);
  const isHidden = options.isHidden ?? (() => false);
  const walked = walk(document, {
    env: options.env,
    isText: (path) => isTextAt(schema, path),
    lineOf: (offset) => lines.linePos(offset).line,
  });
  const hide = options.hide ?? ((shown) => shown);
  const source = createSource(walked, lines, { isHidden, hide, mended, dropped });
  const refused = (all: readonly Problem[]) =>
    ({ ok: false, problems: withExcerpts(sortProblems(all), text, options.redact), source }) as const;
  if (document === undefined) return refused(problems);
  const result = await schema.safeParseAsync(walked.raw ?? {}, { error: expectation });
  if (result.success && source.faults.length === 0 && problems.length === 0)
    return { ok: true, value: result.data, source };
  const issues = result.success
    ? []
    : problemsOfIssues(result.error.issues, schema, source, { isHidden, otherWords });
  return refused([...problems, ...source.faults, ...issues]);
}

function withExcerpts(
  problems: readonly Problem[],
  text: string,
  redact: Redact | undefined,
): readonly Problem[] {
  if (redact === undefined) return problems;
  const rows = text.split("\n");
  return problems.map((problem) => {
    const { line, column } = problem;
    if (line === undefined || column === undefined) return problem;
    const excerpt = excerptOf(rows, line, column, redact);
    return excerpt === undefined ? problem : Object.assign({}, problem, { excerpt });
  });
}
