import type { LineCounter, YAMLError } from "yaml";
import type { Problem } from "./problems.ts";

/** Our words for the parser's codes, where its own are about its internals or quote the file. */
const MESSAGES: Readonly<Record<string, string>> = {
  BAD_ALIAS: "text that starts with * or & needs quotes",
  BAD_DQ_ESCAPE: 'unknown escape in double quotes; write a backslash as "\\\\" or use single quotes',
  BAD_SCALAR_START: "text that starts with this character needs quotes",
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " on this line; put text that holds one in quotes',
  MULTILINE_IMPLICIT_KEY: 'expected "key: value"',
  MULTIPLE_DOCS: "expected one document, but another starts here",
  TAB_AS_INDENT: "expected spaces as indentation, got a tab",
};

const UNQUOTED_IN_FLOW = new Set(["MISSING_CHAR", "UNEXPECTED_TOKEN", "BLOCK_IN_FLOW"]);

/** What the YAML parser found wrong: the first error of each line, since the others there only follow from it. */
export function syntaxProblems(
  text: string,
  errors: readonly YAMLError[],
  lines: LineCounter,
): readonly Problem[] {
  const byLine = new Map<number, Problem>();
  for (const error of errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    if (byLine.has(line)) continue;
    byLine.set(line, {
      line,
      column: col,
      path: "",
      message: messageOf(error, text.split("\n")[line - 1] ?? ""),
    });
  }
  return [...byLine.values()];
}

function messageOf(error: YAMLError, line: string): string {
  if (line.includes("${") && UNQUOTED_IN_FLOW.has(error.code)) {
    return "invalid YAML: inside [ ] and { } a value with ${...} needs quotes";
  }
  // Whatever the parser appends after a colon is a quotation of the file, and that may be a secret.
  return `invalid YAML: ${MESSAGES[error.code] ?? error.message.split(": ", 1).join("")}`;
}
