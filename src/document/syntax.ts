import type { YAMLError } from "yaml";

export interface SyntaxFault {
  /** From 1, where the mistake is, which may be before the place at which the parser saw it. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly message: string;
  /** The last line that is of no use when this one is mended. */
  readonly lastLine?: number;
  /** The line as it was meant, where that is clear. */
  readonly meant?: string;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** What overflows the parser's stack: thousands of brackets, or of keys without a line between them. */
export const TOO_DEEP = "nested too deeply to be read; is this the right file?";
const MISALIGNED = "All mapping items must start at the same column";
const NO_KEY = 'expected "key: value"';

/** Our words for the parser's codes, where its own are about its internals or quote the file. */
const MESSAGES: Readonly<Record<string, string>> = {
  BAD_ALIAS: "text that starts with * or & needs quotes",
  BAD_DQ_ESCAPE: 'unknown escape in double quotes; write a backslash as "\\\\" or use single quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " on this line; put text that holds one in quotes',
  BLOCK_IN_FLOW: "inside [ ] and { } a list's item has no dash; separate the items by commas",
  MULTILINE_IMPLICIT_KEY: NO_KEY,
  RESOURCE_EXHAUSTION: TOO_DEEP,
  UNEXPECTED_TOKEN: NO_KEY,
  TAB_AS_INDENT: "expected spaces as indentation, got a tab; replace all tabs",
};

const UNQUOTED_IN_FLOW = new Set(["MISSING_CHAR", "UNEXPECTED_TOKEN", "BLOCK_IN_FLOW"]);

/** What the parser's error means to the writer of the file. Never quotes the file, which may hold a secret. */
export function syntaxFault(error: YAMLError, rows: readonly string[], place: Place): SyntaxFault {
  const { code, message } = error;
  const row = rows[place.line - 1] ?? "";
  if (/^(?:<{7}|={7}|>{7})(?:\s|$)/.test(row)) {
    return { ...place, message: "a merge conflict's marker; keep one side and delete the markers" };
  }
  if (code === "MULTIPLE_DOCS") {
    const twice = "expected one document, but another starts here; delete this line if it is the same one";
    return { ...place, message: twice, lastLine: rows.length };
  }
  const foreign = foreignFault(row);
  if (foreign !== undefined) return { ...place, message: foreign };
  if (message.startsWith("Missing closing")) return openQuote(message.includes('"') ? '"' : "'", rows, place);
  const bracket = /end with a (?<bracket>[\]}])/.exec(message)?.groups?.["bracket"];
  if (bracket !== undefined) return openBracket(bracket, rows, place);
  if (row.includes("${") && UNQUOTED_IN_FLOW.has(code)) {
    const needsQuotes =
      "inside [ ] and { } a value with ${...} needs quotes, which make it text; a number, true or false goes on a line of its own, without brackets and quotes";
    return { ...place, message: needsQuotes };
  }
  if (message === MISALIGNED) return misaligned(rows, place);
  const above = rows.slice(0, place.line - 1).findLastIndex((each) => each.trim() !== "");
  if (/[:-] +[|>][+-]?\d?\s*$/.test(rows[above] ?? "")) {
    const least = indentationOf(rows[above] ?? "") + 1;
    const message = `expected the text that belongs to line ${above + 1} at column ${least + 1} or further right`;
    return { ...place, message, meant: indented(row, least) };
  }
  if (code === "BLOCK_AS_IMPLICIT_KEY" || code === "MULTILINE_IMPLICIT_KEY")
    return notOneKey(code, rows, place);
  if (message.endsWith("at node end")) return { ...place, message: afterEnd(row, place.column) };
  return { ...place, message: wordsFor(code, message) };
}

/** What is no YAML at all, but came along from a page, a terminal or another format. */
function foreignFault(row: string): string | undefined {
  const text = row.trim();
  if (text === "..." || text === "\u2026")
    return "an ellipsis that stands for what was left out; delete this line";
  if (/^(?:```|~~~)/.test(text)) return "a fence of Markdown; delete this line";
  if (/^\[\[?[\w.-]+\]\]?$/.test(text))
    return "a section as in INI or TOML files; in YAML it is a key with a colon, and what belongs to it is indented";
  if (/^(?:\/\/|\/\*|;|--(?!-)|<!--)/.test(text)) return "a comment starts with #";
  if (/^(?:- +)*[\w-]+ *\uff1a/.test(text))
    return "the colon on this line is another letter to YAML; write : and a space after it";
  if (/^[$#>%] +\w/.test(text) && !text.startsWith("#"))
    return `${NO_KEY}, got what looks like a command; delete this line`;
  return undefined;
}

/** Something follows where a quoted text or a bracket was closed. */
function afterEnd(row: string, column: number): string {
  const before = row.slice(0, column - 1).trimEnd();
  const nothing = "expected nothing more after the closing quote or bracket";
  if (before.endsWith("'")) return `${nothing}; inside '...' a ' is written twice`;
  if (before.endsWith('"')) return `${nothing}; inside "..." a " is written \\"`;
  return `${nothing}; text that starts with [ or { needs quotes`;
}

function wordsFor(code: string, message: string): string {
  // The one character at the end of the parser's message is what the text starts with.
  if (code === "BAD_SCALAR_START") {
    const more = message.at(-1) === "%" ? "; a variable of the environment is written ${NAME}" : "";
    return `text that starts with ${message.at(-1)} needs quotes${more}`;
  }
  if (message.startsWith("Missing , or :")) return "expected a comma between the items";
  if (message.startsWith("Implicit map keys need")) return NO_KEY;
  // Whatever the parser appends after a colon is a quotation of the file.
  return MESSAGES[code] ?? message.split(": ", 1).join("");
}

/** The parser sees it where the file or the quoted text ends, often lines later. */
function openQuote(quote: string, rows: readonly string[], place: Place): SyntaxFault {
  const opening = new RegExp(`(?:: +|- +|[[{,] *)${quote}(?<rest>.*)$`);
  // As the parser does, past quotes that are part of the text: '' and \".
  const closes = (rest: string): boolean =>
    rest.replaceAll(quote === "'" ? "''" : /\\./g, "").includes(quote);
  const index = rows.findIndex((row, at) => {
    const rest = opening.exec(row)?.groups?.["rest"];
    return at < place.line && rest !== undefined && !closes(rest);
  });
  const row = rows[index] ?? "";
  const found = index === -1 ? place : { line: index + 1, column: row.indexOf(quote) + 1 };
  return { ...found, message: `expected another ${quote} that closes this one` };
}

function openBracket(closing: string, rows: readonly string[], place: Place): SyntaxFault {
  const opening = closing === "]" ? "[" : "{";
  const index = rows.findLastIndex((row, at) => at < place.line && count(row, opening) > count(row, closing));
  if (index === -1) return { ...place, message: `expected ${closing}` };
  const column = (rows[index] ?? "").indexOf(opening) + 1;
  const message = `expected a ${closing} that closes this ${opening}`;
  return { line: index + 1, column, message, lastLine: Math.max(place.line - 1, index + 1) };
}

function misaligned(rows: readonly string[], { line }: Place): SyntaxFault {
  const row = rows[line - 1] ?? "";
  const indentation = indentationOf(row);
  const place = { line, column: indentation + 1 };
  const above = rows.slice(0, line - 1).filter((each) => /^\s*[^\s#]/.test(each));
  const sameColumn = above.findLast((each) => indentationOf(each) <= indentation) ?? "";
  if (indentationOf(sameColumn) === indentation && /^\s*- /.test(sameColumn) && !/^\s*-/.test(row)) {
    const meant = indented(`- ${row.trimStart()}`, indentation);
    return { ...place, message: 'expected "- " before the next item of this list', meant };
  }
  const columns = columnsAbove(above);
  const expected = columns.toSorted((a, b) => Math.abs(a - indentation) - Math.abs(b - indentation))[0] ?? 0;
  const choice = columns.map((each) => each + 1).join(" or ");
  const message = `expected this in line with what is above it, at column ${choice}, got column ${indentation + 1}`;
  return { ...place, message, meant: indented(row, expected) };
}

/** Two keys where one belongs: a colon too many, a space too few, or a line that stands too far to the right. */
function notOneKey(code: string, rows: readonly string[], place: Place): SyntaxFault {
  const row = rows[place.line - 1] ?? "";
  if (row.slice(place.column - 1).includes(": ")) return { ...place, message: MESSAGES[code] ?? NO_KEY };
  const below = rows.findIndex((each, at) => at >= place.line && /^\s*[^\s#]/.test(each));
  const next = rows[below] ?? "";
  const expected = columnOf(row);
  if (/^\s*(?:- +)*[^\s:]+: /.test(row) && indentationOf(next) > expected) {
    const column = indentationOf(next) + 1;
    const message = `expected this in line with line ${place.line}, at column ${expected + 1}, got column ${column}; what belongs under line ${place.line} needs that to end with its colon`;
    return { line: below + 1, column, message, meant: indented(next, expected) };
  }
  if (/^\s*(?:- +)*[\w-]+:\S/.test(row))
    return { ...place, message: `${NO_KEY}, with a space after the colon` };
  if (/^\s*(?:- +)*[\w-]+ +:\S/.test(row))
    return { ...place, message: `${NO_KEY}, with a space after the colon and none before` };
  if (/^\s*(?:- +)*[\w-]+ *=/.test(row)) return { ...place, message: `${NO_KEY}, with a colon and not =` };
  return { ...place, message: NO_KEY };
}

/** Where the keys and dashes start that this line could stand in line with, innermost first. */
function columnsAbove(rows: readonly string[]): readonly number[] {
  const columns: number[] = [];
  for (const row of rows.toReversed()) {
    for (const column of new Set([columnOf(row), indentationOf(row)]))
      if (column < (columns.at(-1) ?? Infinity)) columns.push(column);
  }
  return columns;
}

function count(row: string, character: string): number {
  return row.split(character).length - 1;
}

function indented(row: string, spaces: number): string {
  return `${" ".repeat(spaces)}${row.trimStart()}`;
}

function indentationOf(row: string): number {
  return row.length - row.trimStart().length;
}

/** Where the key of a line starts, dashes passed over. */
function columnOf(row: string): number {
  return /^\s*(?:- +)*/.exec(row)?.[0].length ?? 0;
}
