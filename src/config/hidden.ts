import { hideSecrets, holdsSecret } from "../base/credential-shape.ts";
import type { Path } from "../document/path.ts";

const SECRET_KEYS: ReadonlySet<unknown> = new Set(["api_token", "api_key", "proxy_url"]);

/** Whether the text is a key or certificate, pasted where its file's path belongs. */
export function isPem(text: string): boolean {
  return text.includes("-----BEGIN ");
}

/** Whether a problem may not show this value (or key): secrets, what looks like one in the wrong place, URLs that may hold one. */
export function isHidden(path: Path, value: unknown): boolean {
  if (path.some((part) => SECRET_KEYS.has(part))) return true;
  if (typeof value !== "string") return false;
  return holdsSecret(value) || isPem(value) || (path.at(-1) === "base_url" && /[@?#]/.test(value));
}

/** From a key of a secret on, all that follows on the line; a slip in the key or its colon does not matter. */
const SECRET_REST = /((?:token|key|password|passwd|secret|proxy_url)(?!_file|s\b)["']?\s*[:=]?\s*)(?=\S).*$/i;
/** A line that ends before the value of a secret begins. */
const SECRET_ABOVE =
  /(?:token|key|password|passwd|secret|proxy_url)["']?\s*[:=]?\s*[|>"']?[+-]?\d?\s*(?:#.*)?$/i;
/** The user and password of a URL, and words as only machines write them: long, with digits or capitals in them. */
const MACHINE_WORD = /[^\s/"':]*:[^\s]*@|(?=[\w-]*[A-Z\d])[\w-]{16,}|(?=[a-zA-Z]*[A-Z])[A-Z]{12,}/g;
/** What a person writes may be as long: `accounts`, `icon-newyork-01`, `2001:db8::1`. */
const HUMAN_WORD = /^[a-z]+(?:[-_][a-z]+|[-_]\d{1,4})*$/;

/** A line of the config for an excerpt. It is read where the file is broken, so that in doubt it is taken out. */
export function redact(row: string, above: string): string {
  if (isPem(row) || SECRET_ABOVE.test(above.replaceAll(/\s+/g, " "))) return row.replace(/\S.*$/, "<secret>");
  const plain = row
    .replace(SECRET_REST, "$1<secret>")
    .replaceAll(MACHINE_WORD, (word) => (HUMAN_WORD.test(word) ? word : "<secret>"));
  return hideSecrets(plain);
}
