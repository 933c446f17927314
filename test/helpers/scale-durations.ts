import { isMap, isScalar, parseDocument, visit } from "yaml";
import { formatDuration, parseDuration } from "../../src/base/duration.ts";

/** Keys of rule files and of the configurations of Prometheus and Alertmanager whose values are durations. */
const DURATION_KEYS = new Set([
  "interval",
  "for",
  "keep_firing_for",
  "scrape_interval",
  "evaluation_interval",
  "group_wait",
  "group_interval",
  "repeat_interval",
  "resolve_timeout",
]);

/** String literals, in which nothing is a duration; then ranges and subqueries; then offsets. */
const IN_EXPRESSION =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\[(?<range>[^\]]+)\]|\boffset\s+(?<sign>-?)\s*(?<offset>[0-9a-z]+)/g;

/**
 * The file with every duration divided by `divisor`: `interval`, `for`, `group_wait` and their like, and the ranges,
 * subquery steps and offsets of expressions, down to a millisecond. Numbers are left alone. Throws on a duration it
 * cannot read.
 */
export function scaleDurations(yamlText: string, divisor: number): string {
  const document = parseDocument(yamlText);
  visit(document, {
    Pair(_key, pair, path) {
      if (!isScalar(pair.key) || !isScalar(pair.value)) return;
      const { value } = pair.value;
      if (typeof value !== "string") return;
      const key = String(pair.key.value);
      // A label or an annotation may bear the name of a key.
      const parent = path.at(-2);
      if (parent !== undefined && "key" in parent && isScalar(parent.key) && isMap(path.at(-1))) {
        if (parent.key.value === "labels" || parent.key.value === "annotations") return;
      }
      if (DURATION_KEYS.has(key)) pair.value.value = scaleDuration(value, divisor);
      if (key === "expr") pair.value.value = scaleExpression(value, divisor);
    },
  });
  return document.toString({ lineWidth: 0 });
}

function scaleExpression(expression: string, divisor: number): string {
  return expression.replaceAll(
    IN_EXPRESSION,
    (match: string, range: string | undefined, sign: string | undefined, offset: string | undefined) => {
      if (range !== undefined) {
        const parts = range.split(":").map((part) => part.trim());
        return `[${parts.map((part) => (part === "" ? "" : scaleDuration(part, divisor))).join(":")}]`;
      }
      return offset === undefined ? match : `offset ${sign ?? ""}${scaleDuration(offset, divisor)}`;
    },
  );
}

function scaleDuration(text: string, divisor: number): string {
  const ms = parseDuration(text);
  if (ms === undefined) throw new TypeError(`Cannot scale "${text}": expected a duration such as 5m`);
  return formatDuration(ms === 0 ? 0 : Math.max(1, ms / divisor));
}
