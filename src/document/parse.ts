import {
  type Document,
  type DocumentOptions,
  LineCounter,
  parseDocument,
  type ParseOptions,
  type SchemaOptions,
  type YAMLError,
} from "yaml";
import type { Problem } from "./problems.ts";
import { type SyntaxFault, syntaxFault, TOO_DEEP } from "./syntax.ts";

export interface Parsed {
  /** Of the mended text; undefined when that is still no YAML, so that nothing can be told of the rest. */
  readonly document: Document | undefined;
  readonly lines: LineCounter;
  readonly problems: readonly Problem[];
  /** The lines (from 1) on which something was put in place of what was wrong. */
  readonly mended: ReadonlySet<number>;
  /** The lines (from 1) that were left out as a whole, with their indentation. */
  readonly dropped: ReadonlyMap<number, number>;
}

/** Each round mends one line a little; who has more to mend learns of the rest in the next round. */
const MOST_ROUNDS = 60;
/** In characters, all rounds together: a large file gets fewer, so that it is refused in seconds too. */
const MOST_PARSED = 2_000_000;
/** What one error of the parser takes, in characters that it could read meanwhile. */
const CHARACTERS_PER_ERROR = 200;

/**
 * Parses the text. What is no YAML is reported line by line and mended, so that the rest of the file can be judged: a
 * line is indented as it should be, or keeps its key or dash alone, or is left out.
 */
export function parseMended(text: string): Parsed {
  const rows = text.split("\n");
  const problems = new Map<number, Problem>();
  const tries = new Map<number, number>();
  const dropped = new Map<number, number>();
  let parsed = 0;
  for (let round = 0; ; round += 1) {
    const lines = new LineCounter();
    // Duplicates are found by the walk, which knows their paths.
    const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
    const document = parseOnce(rows.join("\n"), options);
    const result = { lines, mended: new Set(tries.keys()), dropped };
    if (document === undefined) {
      const deep = { line: Math.max(lines.lineStarts.length, 1), column: 1, path: "", message: TOO_DEEP };
      return { ...result, document, problems: [...problems.values(), deep] };
    }
    const error = firstOf(document.errors);
    parsed += text.length + document.errors.length * CHARACTERS_PER_ERROR;
    if (error === undefined || (round > 0 && (round === MOST_ROUNDS || parsed > MOST_PARSED))) {
      const whole = error === undefined ? document : undefined;
      return { ...result, document: whole, problems: [...problems.values()] };
    }
    const { line, col } = lines.linePos(error.pos[0]);
    const fault = syntaxFault(error, rows, { line, column: col });
    if (!problems.has(fault.line)) {
      const message = `invalid YAML: ${fault.message}`;
      problems.set(fault.line, { line: fault.line, column: fault.column, path: "", message });
    }
    if (error.code === "TAB_AS_INDENT") {
      // Where there is one, all are: once is enough.
      for (const [index, row] of rows.entries())
        rows[index] = row.replace(/^[ \t]+/, (blank) => blank.replaceAll("\t", "  "));
    } else mend(fault);
  }

  function mend({ line, lastLine = line, meant }: SyntaxFault): void {
    const tried = tries.get(line) ?? 0;
    tries.set(line, tried + 1);
    for (let later = line + 1; later <= lastLine; later += 1) rows[later - 1] = "";
    const row = rows[line - 1] ?? "";
    const mended = [
      meant,
      /^\s*(?:- +)*\w[\w-]*(?=\s*:|[\s=])/.exec(row)?.[0].concat(":"),
      /^\s*(?:- +)*-(?=\s)/.exec(row)?.[0],
    ].filter((each) => each !== undefined);
    const next = mended.slice(tried).find((each) => each !== row);
    rows[line - 1] = next ?? "";
    if (next === undefined) dropped.set(line, row.length - row.trimStart().length);
  }
}

/** Undefined where what is nested in each other is more than the stack holds. */
function parseOnce(
  text: string,
  options: ParseOptions & DocumentOptions & SchemaOptions,
): Document | undefined {
  try {
    return parseDocument(text, options);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function firstOf(errors: readonly YAMLError[]): YAMLError | undefined {
  return [...errors].sort((a, b) => a.pos[0] - b.pos[0])[0];
}
