import type { Family, Labels, Sample } from "./family.ts";

/** The two formats of `/metrics`, with the content type of each. */
export const FORMATS = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
} as const;
export type Format = keyof typeof FORMATS;

/** A family with its rows, which read the same in both formats. */
export interface Block {
  readonly family: Family;
  /** Each row with its line feed. */
  readonly rows: string;
}

/** A whole exposition. Text has an empty line between families, as prom-client prints it. */
export function exposition(blocks: readonly Block[], format: Format): string {
  if (format === "text") return blocks.map((block) => header(block.family, format) + block.rows).join("\n");
  return `${blocks.map((block) => header(block.family, format) + block.rows).join("")}# EOF\n`;
}

/** `# HELP` and `# TYPE`. OpenMetrics names a counter without its `_total`, and escapes quotes in help too. */
export function header({ name, help, type }: Family, format: Format): string {
  const shown = format === "openmetrics" && type === "counter" ? name.replace(/_total$/, "") : name;
  const escaped = help.replaceAll("\\", String.raw`\\`).replaceAll("\n", String.raw`\n`);
  const text = format === "openmetrics" ? escaped.replaceAll('"', String.raw`\"`) : escaped;
  return `# HELP ${shown} ${text}\n# TYPE ${shown} ${type}\n`;
}

/** One row. `prefix`: labels already written by `labelPairs`, or `""`. */
export function row(name: string, prefix: string, sample: Sample): string {
  const own = labelPairs(sample.labels);
  const pairs = prefix === "" || own === "" ? prefix + own : `${prefix},${own}`;
  return `${name}${pairs === "" ? "" : `{${pairs}}`} ${formatValue(sample.value)}\n`;
}

export function labelPairs(labels: Labels): string {
  return labels.map(([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(",");
}

/** Backslash, line feed and quote escaped, as both formats demand. */
function escapeLabelValue(value: string): string {
  return /["\\\n]/.test(value)
    ? value
        .replaceAll("\\", String.raw`\\`)
        .replaceAll("\n", String.raw`\n`)
        .replaceAll('"', String.raw`\"`)
    : value;
}

export function formatValue(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
