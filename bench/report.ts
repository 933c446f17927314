/** How much of it: the short form leaves out what takes long, and is for machines that do other things beside. */
export interface Extent {
  readonly isShort: boolean;
}

/** A limit that a scenario holds a figure to. */
export interface Check {
  readonly name: string;
  /** Ratios hold on any machine; times depend on it. */
  readonly unit: "ratio" | "ms";
  readonly value: number;
  readonly limit: number;
}

/** What a scenario found. */
export interface Report {
  readonly title: string;
  /** One object a row, all with the same keys. */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly checks: readonly Check[];
}

export type Print = (text: string) => void;

export function isPassed({ value, limit }: Check): boolean {
  return value <= limit;
}

export function printReport({ title, rows, checks }: Report, print: Print): void {
  print(`\n${title}\n`);
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => shown(row[column] ?? "")))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  for (const line of cells) print(`  ${line.map((cell, at) => cell.padStart(widths[at] ?? 0)).join("  ")}\n`);
  for (const check of checks) {
    print(
      `  ${isPassed(check) ? "ok  " : "MISS"} ${check.name}: ${shown(check.value)}, at most ${shown(check.limit)}\n`,
    );
  }
}

function shown(value: string | number): string {
  if (typeof value === "string" || Number.isInteger(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
