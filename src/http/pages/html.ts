/** A piece of HTML: safe to put into a page as it is. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Value = string | number | undefined | Html | readonly Html[];

/** Template tag: every value is escaped unless it is `Html` itself; undefined is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(dense(parts).reduce((text, part, index) => text + show(values[index - 1]) + part));
}

function show(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.toString();
  if (typeof value === "object") return value.join("");
  if (typeof value === "number" || !/[&<>"']/.test(value)) return String(value);
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const densePartsOf = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The template's own text without the indentation of its source, a quarter of a page; line ends stay, as white space. */
function dense(parts: TemplateStringsArray): readonly string[] {
  const known = densePartsOf.get(parts);
  if (known !== undefined) return known;
  const made = parts.map((part) => part.replaceAll(/\s*\n\s*/g, "\n"));
  densePartsOf.set(parts, made);
  return made;
}
