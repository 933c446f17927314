/** The two formats of `/metrics`, with the content type of each. */
export const FORMATS = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
} as const;
export type Format = keyof typeof FORMATS;

/** A metric family: what `# HELP` and `# TYPE` say. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
}

/** Label names with their values, in the order in which they are written. */
export type Labels = readonly (readonly [name: string, value: string])[];

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A family with its rows, which read the same in both formats. */
export interface Block {
  readonly family: Family;
  /** Each row with its line feed. */
  readonly rows: string;
}

/** What stands between two families: prom-client prints an empty line in text, OpenMetrics allows none. */
export const SEPARATOR = { text: "\n", openmetrics: "" } as const satisfies Record<Format, string>;
/** What ends an exposition. */
export const END = { text: "", openmetrics: "# EOF\n" } as const satisfies Record<Format, string>;

/** A whole exposition. */
export function exposition(blocks: readonly Block[], format: Format): string {
  return blocksText(blocks, format) + END[format];
}

/** Families one after the other, without the end. */
export function blocksText(blocks: readonly Block[], format: Format): string {
  return blocks.map(({ family, rows }) => header(family, format) + rows).join(SEPARATOR[format]);
}

/** `# HELP` and `# TYPE`. OpenMetrics names a counter without its `_total`, and escapes quotes in help too. */
export function header({ name, help, type }: Family, format: Format): string {
  const shown = format === "openmetrics" && type === "counter" ? name.replace(/_total$/, "") : name;
  const escaped = help.replaceAll("\\", String.raw`\\`).replaceAll("\n", String.raw`\n`);
  const text = format === "openmetrics" ? escaped.replaceAll('"', String.raw`\"`) : escaped;
  return `# HELP ${shown} ${text}\n# TYPE ${shown} ${type}\n`;
}

/** One row. `prefix`: labels already written by `labelPairs`, or `""`. */
export function row(name: string, prefix: string, { labels, value }: Sample): string {
  const own = labelPairs(labels);
  const pairs = prefix === "" || own === "" ? prefix + own : `${prefix},${own}`;
  return `${name}${pairs === "" ? "" : `{${pairs}}`} ${formatValue(value)}\n`;
}

export function labelPairs(labels: Labels): string {
  let pairs = "";
  for (const [name, value] of labels) {
    pairs += `${pairs === "" ? "" : ","}${name}="${escapeLabelValue(value)}"`;
  }
  return pairs;
}

const NEEDS_ESCAPE = /["\\\n]/;

/** Backslash, line feed and quote escaped, as both formats demand. */
function escapeLabelValue(value: string): string {
  return NEEDS_ESCAPE.test(value)
    ? value
        .replaceAll("\\", String.raw`\\`)
        .replaceAll("\n", String.raw`\n`)
        .replaceAll('"', String.raw`\"`)
    : value;
}

/** Spelled as prom-client does, `Nan` included, which both formats allow: case does not count there. */
export function formatValue(value: number): string {
  // Most values are one of a one-hot set.
  if (value === 0) return "0";
  if (value === 1) return "1";
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return "Nan";
  return value > 0 ? "+Inf" : "-Inf";
}
