/** One thing that is wrong (or worth a warning) in a document. */
export interface Problem {
  /** From 1; absent when the whole file is meant. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** As `formatPath` writes it; `""` for the root and for syntax. */
  readonly path: string;
  /** What was expected and what came; never holds a secret. */
  readonly message: string;
  /** The line it is on, with a caret under the place, as two lines of text; never holds a secret. */
  readonly excerpt?: string;
}

/** The problem as one line of text: `config.yaml:14: accounts[0].interval: expected ...`. */
export function formatProblem(file: string, problem: Problem): string {
  const place = problem.line === undefined ? file : `${file}:${problem.line}`;
  return problem.path === ""
    ? `${place}: ${problem.message}`
    : `${place}: ${problem.path}: ${problem.message}`;
}

/** The problem with the line of the document that it is on, for a terminal. */
export function formatWithExcerpt(file: string, problem: Problem): string {
  const text = formatProblem(file, problem);
  return problem.excerpt === undefined ? text : `${text}\n${problem.excerpt}`;
}

/** The problems in the order of the document, each one once. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const once = new Map(problems.map((problem) => [formatProblem("", problem), problem]));
  return [...once.values()].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}
