import { isOneWord } from "../base/one-word.ts";
import { Secret } from "../base/secret.ts";
import { ApiError } from "../domain/failure.ts";
import type { ResponseHeaders } from "./response-headers.ts";

/** Header names in lower case. The values stay secrets up to the moment of sending. */
export type AuthHeaders = Readonly<Record<string, Secret>>;

/** Shorter values than any credential of Cloudflare's would blank out parts of ordinary answers. */
const SHORTEST_CONCEALED = 16;

/**
 * The headers of an API token or, with the email that it belongs to, of a global API key. Throws an `unauthorized` ApiError
 * for what no header can carry, without showing it.
 */
export function authHeaders(secret: Secret, email?: string): AuthHeaders {
  if (email === undefined) {
    return { authorization: new Secret(`Bearer ${printable("API token", secret.reveal())}`) };
  }
  return {
    "x-auth-email": new Secret(printable("email of the API key", email)),
    "x-auth-key": new Secret(printable("API key", secret.reveal())),
  };
}

/** The text without the credential, should whoever answered have repeated it. */
export function conceal(text: string, headers: AuthHeaders): string {
  return concealAll(text, concealed(headers));
}

/** The headers of an answer without the credential, likewise: messages quote some of them. */
export function concealHeaders(answered: ResponseHeaders, headers: AuthHeaders): ResponseHeaders {
  const secrets = concealed(headers);
  return Object.fromEntries(
    Object.entries(answered).map(([name, value]) => [
      name,
      typeof value === "string"
        ? concealAll(value, secrets)
        : value?.map((each) => concealAll(each, secrets)),
    ]),
  );
}

/** What is not to be repeated, with what stands in its place. */
function concealed(headers: AuthHeaders): readonly (readonly [value: string, instead: string])[] {
  return Object.values(headers)
    .map((secret) => [secret.reveal().replace(/^Bearer /, ""), secret.toString()] as const)
    .filter(([value]) => value.length >= SHORTEST_CONCEALED);
}

function concealAll(text: string, secrets: ReturnType<typeof concealed>): string {
  return secrets.reduce((left, [value, instead]) => {
    const plain = left.replaceAll(value, () => instead);
    return /[\\%&]/.test(plain) ? plain.replaceAll(escaped(value), () => instead) : plain;
  }, text);
}

/** The value however it is escaped: characters as JSON, a URL or HTML may write them, backslashes as often as texts are nested. */
function escaped(value: string): RegExp {
  const spellings = Array.from(value, (character) => {
    const hex = character.charCodeAt(0).toString(16).padStart(2, "0");
    const plain = character.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
    return String.raw`(?:\\*${plain}|\\+(?:u00|x)${hex}|%(?:25)*${hex}|&#(?:x0*${hex}|0*${character.charCodeAt(0)});)`;
  });
  return new RegExp(spellings.join(""), "gi");
}

function printable(what: string, value: string): string {
  if (isOneWord(value)) return value;
  const came = value === "" ? "it is empty" : "it has a space, a line break or a character outside ASCII";
  throw new ApiError("unauthorized", `Cannot use the ${what}: expected printable ASCII, but ${came}`);
}
