import { stripVTControlCharacters } from "node:util";

/** Columns as wide as their widest cell; colours do not count as width, and the last column is not padded. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ""))));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => pad(cell, widths, column))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function pad(cell: string, widths: readonly number[], column: number): string {
  if (column === widths.length - 1) return cell;
  return cell + " ".repeat((widths[column] ?? 0) - widthOf(cell));
}

function widthOf(cell: string): number {
  return Array.from(stripVTControlCharacters(cell)).length;
}
