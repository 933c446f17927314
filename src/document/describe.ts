const LONGEST_SHOWN = 60;

/** A value as a problem names it: `"30x"`, `12`, `a list`, `nothing`. Long text is cut. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return `a ${typeof value}`;
  const characters = Array.from(value);
  if (characters.length <= LONGEST_SHOWN) return JSON.stringify(value);
  return `${JSON.stringify(characters.slice(0, LONGEST_SHOWN).join(""))}...`;
}

/** Words as a choice: `full, class or off`. */
export function oneOf(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} or ${words.slice(-1).join("")}`;
}
