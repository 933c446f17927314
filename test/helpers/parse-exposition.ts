import type { Format } from "../../src/metrics/exposition.ts";

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

interface OpenFamily extends ParsedFamily {
  readonly samples: ParsedSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const VALUE = /^(?:[+-]Inf|[Nn]a[Nn]|-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/;

/**
 * Reads an exposition as strictly as its specification allows (text 0.0.4, OpenMetrics 1.0.0). Throws at the
 * first line that is wrong. Written apart from the code that it checks, and shares nothing with it.
 */
export function parseExposition(text: string, format: Format): ReadonlyMap<string, ParsedFamily> {
  if (!text.isWellFormed()) throw new SyntaxError("Expected well-formed Unicode");
  const families = new Map<string, OpenFamily>();
  const rowsSeen = new Set<string>();
  const owners = new Map<string, string>();
  let helpOf: { readonly name: string; readonly help: string } | undefined;
  let open: OpenFamily | undefined;

  for (const line of linesOf(text, format)) {
    if (line === "") {
      if (format === "openmetrics") throw new SyntaxError("Expected no empty line in OpenMetrics");
      continue;
    }
    if (line.startsWith("# HELP ")) {
      const [name, help] = cut(line.slice("# HELP ".length));
      if (helpOf !== undefined) throw new SyntaxError(`Expected a TYPE before the HELP of ${name}`);
      if (families.has(name)) throw new SyntaxError(`Expected one HELP and one block of rows for ${name}`);
      helpOf = { name, help: unescape(help, format === "openmetrics" ? '\\n"' : "\\n", line) };
    } else if (line.startsWith("# TYPE ")) {
      const [name, type] = cut(line.slice("# TYPE ".length));
      if (helpOf?.name !== name) throw new SyntaxError(`Expected the HELP right before: ${line}`);
      if (!NAME.test(name)) throw new SyntaxError(`Expected a metric name: ${line}`);
      if (!["counter", "gauge", "histogram"].includes(type))
        throw new SyntaxError(`Expected a plain type: ${line}`);
      if (format === "openmetrics" && type === "counter" && name.endsWith("_total")) {
        throw new SyntaxError(`Expected a counter family without _total: ${line}`);
      }
      open = { name, help: helpOf.help, type, samples: [] };
      families.set(name, open);
      helpOf = undefined;
    } else if (line.startsWith("#")) {
      throw new SyntaxError(`Expected no other comment: ${line}`);
    } else {
      if (open === undefined || helpOf !== undefined) throw new SyntaxError(`Expected a family for: ${line}`);
      const sample = parseRow(line);
      if (!namesOf(open, format).includes(sample.name)) {
        throw new SyntaxError(`Expected a row of ${open.type} ${open.name}: ${line}`);
      }
      const owner = owners.get(sample.name) ?? open.name;
      if (owner !== open.name)
        throw new SyntaxError(`Expected ${sample.name} in one family, not in ${owner} too`);
      owners.set(sample.name, owner);
      const identity = JSON.stringify([sample.name, sortedPairs(sample.labels)]);
      if (rowsSeen.has(identity)) throw new SyntaxError(`Expected one row only: ${line}`);
      rowsSeen.add(identity);
      open.samples.push(sample);
    }
  }
  if (helpOf !== undefined) throw new SyntaxError(`Expected a TYPE for ${helpOf.name}`);
  for (const family of families.values()) checkValues(family);
  return families;
}

function sortedPairs(labels: ParsedSample["labels"]): string[] {
  return Object.entries(labels)
    .map((pair) => JSON.stringify(pair))
    .sort();
}

function linesOf(text: string, format: Format): string[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new SyntaxError("Expected a line feed at the end");
  if (format === "openmetrics" && lines.pop() !== "# EOF") throw new SyntaxError("Expected # EOF at the end");
  return lines;
}

/** The names that rows of the family may have. */
function namesOf({ name, type }: ParsedFamily, format: Format): readonly string[] {
  if (type === "histogram") return ["_bucket", "_sum", "_count"].map((suffix) => name + suffix);
  return [type === "counter" && format === "openmetrics" ? `${name}_total` : name];
}

function checkValues({ name, type, samples }: ParsedFamily): void {
  if (type === "counter" && samples.some(({ value }) => !(value >= 0))) {
    throw new SyntaxError(`Expected no negative counter: ${name}`);
  }
  const buckets = new Map<string, ParsedSample[]>();
  for (const sample of samples.filter((each) => each.name === `${name}_bucket`)) {
    const { le, ...rest } = sample.labels;
    if (le === undefined || Number.isNaN(bound(le))) throw new SyntaxError(`Expected le: ${name}`);
    const key = JSON.stringify(rest);
    buckets.set(key, [...(buckets.get(key) ?? []), sample]);
  }
  for (const [key, rows] of buckets) {
    const ordered = rows.toSorted((a, b) => bound(a.labels["le"] ?? "") - bound(b.labels["le"] ?? ""));
    if (ordered.some((row, index) => row.value < (ordered[index - 1]?.value ?? 0))) {
      throw new SyntaxError(`Expected cumulative buckets: ${name}`);
    }
    const count = samples.find(
      (each) => each.name === `${name}_count` && JSON.stringify(each.labels) === key,
    );
    const last = ordered.at(-1);
    if (last?.labels["le"] !== "+Inf" || count?.value !== last.value) {
      throw new SyntaxError(`Expected the bucket +Inf to hold the count: ${name}`);
    }
  }
}

function bound(le: string): number {
  return le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
}

function cut(text: string): readonly [string, string] {
  const space = text.indexOf(" ");
  if (space === -1) throw new SyntaxError(`Expected two words: ${text}`);
  return [text.slice(0, space), text.slice(space + 1)];
}

function parseRow(line: string): ParsedSample {
  const nameEnd = line.search(/[{ ]/);
  const name = line.slice(0, Math.max(nameEnd, 0));
  if (!NAME.test(name)) throw new SyntaxError(`Expected a metric name: ${line}`);
  const labels: Record<string, string> = Object.create(null);
  let at = nameEnd;
  if (line[at] === "{") {
    at += 1;
    for (;;) {
      LABEL_NAME.lastIndex = at;
      const label = LABEL_NAME.exec(line)?.[0];
      if (label === undefined) throw new SyntaxError(`Expected a label name at ${at}: ${line}`);
      if (label in labels) throw new SyntaxError(`Expected each label once: ${line}`);
      at += label.length;
      if (line.slice(at, at + 2) !== '="') throw new SyntaxError(`Expected =" at ${at}: ${line}`);
      const end = endOfValue(line, at + 2);
      labels[label] = unescape(line.slice(at + 2, end), '\\n"', line);
      at = end + 1;
      if (line[at] === "}") break;
      if (line[at] !== ",") throw new SyntaxError(`Expected a comma at ${at}: ${line}`);
      at += 1;
    }
    at += 1;
  }
  const value = line.slice(at + 1);
  if (line[at] !== " " || !VALUE.test(value)) throw new SyntaxError(`Expected one value, no more: ${line}`);
  const number = value.endsWith("Inf")
    ? Number(value.replace("Inf", "Infinity"))
    : Number(value.replace(/^nan$/i, "NaN"));
  return { name, labels: { ...labels }, value: number };
}

function endOfValue(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    if (line[at] === '"') return at;
    if (line[at] === "\\") at += 1;
  }
  throw new SyntaxError(`Expected a closing quote: ${line}`);
}

/** `allowed`: the characters that may follow a backslash. */
function unescape(text: string, allowed: string, line: string): string {
  let result = "";
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character !== "\\") {
      result += character;
      continue;
    }
    at += 1;
    const escaped = text.charAt(at);
    if (escaped === "" || !allowed.includes(escaped)) throw new SyntaxError(`Unexpected escape: ${line}`);
    result += escaped === "n" ? "\n" : escaped;
  }
  return result;
}
