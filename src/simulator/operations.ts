/** The true answers of each operation, before any fault: pure functions of world, account and query. */
import { type Answer, jsonAnswer } from "./answer.ts";
import { PROBLEMS, problemAnswer } from "./api-problem.ts";
import type { Authentication, SimulatedAccount } from "./credentials.ts";
import { interconnectOf } from "./interconnect.ts";
import { hexId, pick } from "./fingerprint.ts";

export interface ListOptions {
  readonly seed: number;
  /** Items of a page when the query has no `limit`, and at most. */
  readonly pageSize: number;
  /** In [0, 1): picks the shape of an error's envelope. */
  readonly variation: number;
}

/** A whole number >= 0, the fallback when the query lacks it, undefined when it is malformed. */
function wholeNumber(query: URLSearchParams, name: string, fallback: number): number | undefined {
  const text = query.get(name) ?? "";
  if (text === "") return fallback;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** One page: `next` is the offset of the following one; at the end it is null or absent, as the account's hash says. */
export function listAnswer(account: SimulatedAccount, query: URLSearchParams, options: ListOptions): Answer {
  const cursor = wholeNumber(query, "cursor", 0);
  const limit = wholeNumber(query, "limit", options.pageSize);
  if (cursor === undefined || limit === undefined)
    return problemAnswer(PROBLEMS.badParameter, options.variation);
  const site = query.get("site");
  const type = query.get("type");
  const matching = account.interconnects
    .map((name) => interconnectOf(options.seed, account.accountId, name))
    .filter((item) => site === null || ("site" in item && item.site === site))
    .filter((item) => type === null || item.type === type);
  const end = cursor + (limit === 0 ? options.pageSize : Math.min(limit, options.pageSize));
  const items = matching.slice(cursor, end);
  if (end < matching.length) return jsonAnswer(200, { items, next: end });
  const last = pick(`${options.seed}/${account.accountId}/next`, { items, next: null }, { items });
  return jsonAnswer(200, last);
}

/** Verify is enveloped; it knows bearer tokens alone, and each path its own kind of token. */
export function verifyAnswer(
  who: Authentication & { readonly kind: "accepted" },
  path: "user" | "account",
  variation: number,
): Answer {
  if (who.scheme === "key") return problemAnswer(PROBLEMS.missingAuthorization, variation);
  if (who.tokenKind !== path) return problemAnswer(PROBLEMS.invalidToken, variation);
  const status = who.accounts[0]?.tokenStatus ?? "active";
  const expiresOn = who.accounts[0]?.tokenExpiresOn;
  const messages =
    status === "active" ? [{ code: 10_000, message: "This API Token is valid and active", type: null }] : [];
  return jsonAnswer(200, {
    result: {
      id: hexId(who.credentialId),
      status,
      ...(expiresOn === undefined ? {} : { expires_on: expiresOn }),
    },
    success: true,
    errors: [],
    messages,
  });
}
