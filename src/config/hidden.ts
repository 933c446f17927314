import type { Path } from "../document/path.ts";

const SECRET_KEYS: ReadonlySet<unknown> = new Set(["api_token", "api_key", "proxy_url"]);

/**
 * Cloudflare's credentials: prefixed ones, old global keys, old tokens. See
 * https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/
 */
const CREDENTIAL = /cf(?:ut|at|k)_\w{8}|^(?:[0-9a-f]{37,45}|[\w-]{40})$/;

/** Whether the text has the form of one of Cloudflare's credentials. */
export function looksLikeCredential(text: string): boolean {
  return CREDENTIAL.test(text);
}

/** Whether the text is a key or certificate, pasted where its file's path belongs. */
export function isPem(text: string): boolean {
  return text.includes("-----BEGIN ");
}

/** Whether a problem may not show this value (or key): secrets, what looks like one in the wrong place, URLs that may hold one. */
export function isHidden(path: Path, value: unknown): boolean {
  if (path.some((part) => SECRET_KEYS.has(part))) return true;
  if (typeof value !== "string") return false;
  return looksLikeCredential(value) || isPem(value) || (path.at(-1) === "base_url" && /[@?#]/.test(value));
}
