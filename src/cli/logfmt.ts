/** What needs quotes: nothing at all, white space, the characters of the format, and what a terminal obeys. */
const NEEDS_QUOTES = /^$|[\s="\\]|\p{C}/u;
/** Characters that JSON's quoting leaves alone and a terminal or a viewer does not. */
const UNPRINTABLE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** One line of JSON, as pino writes it, as one of logfmt; what is nested gets keys such as `err.message`. */
export function toLogfmt(line: string): string {
  const entry: unknown = JSON.parse(line);
  return `${pairs("", entry).join(" ")}\n`;
}

function pairs(key: string, value: unknown): readonly string[] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) =>
      pairs(key === "" ? name : `${key}.${name}`, inner),
    );
  }
  return [`${key.replaceAll(/[\s="]/g, "_")}=${quoteIfNeeded(String(value))}`];
}

function quoteIfNeeded(text: string): string {
  if (!NEEDS_QUOTES.test(text)) return text;
  return JSON.stringify(text).replaceAll(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
