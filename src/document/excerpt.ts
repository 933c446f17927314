/** Takes what must not be shown out of a line of a document; `above` is the line before it that is not blank. */
export type Redact = (row: string, above: string) => string;

const BEFORE = 60;
const LONGEST = 100;
/** Nobody writes a longer line by hand, and what is to be taken out of it takes time that grows as the square of the length. */
const LONGEST_ROW = 2000;

/**
 * The line with a caret under the column (both from 1), as two indented lines; undefined for a line without text, or one
 * that no person wrote.
 */
export function excerptOf(
  rows: readonly string[],
  line: number,
  column: number,
  redact: Redact,
): string | undefined {
  const row = (rows[line - 1] ?? "").replace(/\r$/, "");
  if (row.trim() === "" || row.length > LONGEST_ROW) return undefined;
  const above = lineAbove(rows, line - 1);
  if (above.length > LONGEST_ROW) return undefined;
  const shown = printable(redact(row, above));
  // Up to the column the line is the same but for what was taken out: then the caret goes where that begins.
  const caret = Math.min(column - 1, samePrefix(row, shown, column - 1));
  const start = caret > LONGEST - 20 ? caret - BEFORE : 0;
  const cut = shown.slice(start, start + LONGEST).trimEnd();
  return `    ${cut}\n    ${" ".repeat(caret - start)}^`;
}

/** The last of the first `count` rows that is not blank; looked for without a copy, since each of many problems asks. */
function lineAbove(rows: readonly string[], count: number): string {
  for (let index = count - 1; index >= 0; index -= 1) {
    const row = rows[index] ?? "";
    if (row.trim() !== "") return row;
  }
  return "";
}

function samePrefix(row: string, shown: string, most: number): number {
  const plain = printable(row);
  let length = 0;
  while (length < most && plain[length] === shown[length]) length += 1;
  return length;
}

/** Without what would move the caret or the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zs}]/gu, " ");
}
