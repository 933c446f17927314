import type { Secret } from "../base/secret.ts";

/** Who owns a token: a person, or the account itself. */
export type TokenKind = "user" | "account";

/** The kind of an API token, or of an `Authorization` header with one, by its prefix. Tokens from before 2026 have none and are a user's. */
export function tokenKindOf(token: Secret): TokenKind {
  return /^(?:Bearer )?cfat_/.test(token.reveal()) ? "account" : "user";
}
