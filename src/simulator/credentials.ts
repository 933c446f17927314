import type { IncomingHttpHeaders } from "node:http";

import { type ApiProblem, PROBLEMS } from "./api-problem.ts";
import { hexId } from "./fingerprint.ts";

/** A bearer token, or a global API key with its email. */
type SimulatedCredential = string | { readonly email: string; readonly key: string };

/** One account of the simulated API. */
export interface SimulatedAccount {
  /** 32 lowercase hex digits, or the gateway cannot route to it. */
  readonly accountId: string;
  readonly credentials: readonly SimulatedCredential[];
  readonly interconnects: readonly string[];
  /** Which verify path knows its tokens; the default is `account` for those that begin with `cfat_`, else `user`. */
  readonly tokenKind?: "user" | "account";
  /** The default is `active`; the others get 403 with 9109, but verify answers them. */
  readonly tokenStatus?: "active" | "disabled" | "expired";
  /** RFC 3339; told by verify. */
  readonly tokenExpiresOn?: string;
}

/** Who asks: accepted, with the accounts of the credential, or refused. */
export type Authentication =
  | {
      readonly kind: "accepted";
      readonly scheme: "token" | "key";
      /** Depends on the secret and does not tell it; equal for equal credentials. */
      readonly credentialId: string;
      readonly accounts: readonly SimulatedAccount[];
      readonly tokenKind: "user" | "account";
    }
  | { readonly kind: "refused"; readonly problem: ApiProblem };

const BEARER = /^Bearer (?<token>[\w.~+/=-]+)$/i;

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" || value === undefined ? value : value[0];
}

function refused(problem: ApiProblem): Authentication {
  return { kind: "refused", problem };
}

function withToken(header: string, accounts: readonly SimulatedAccount[]): Authentication {
  const token = BEARER.exec(header)?.groups?.["token"];
  const isKey = accounts.some(({ credentials }) =>
    credentials.some((credential) => typeof credential !== "string" && credential.key === token),
  );
  if (token === undefined || isKey) return refused(PROBLEMS.malformedBearer);
  const own = accounts.filter(({ credentials }) => credentials.includes(token));
  if (own.length === 0) return refused(PROBLEMS.invalidToken);
  const tokenKind = own[0]?.tokenKind ?? (token.startsWith("cfat_") ? "account" : "user");
  return { kind: "accepted", scheme: "token", credentialId: hexId(token), accounts: own, tokenKind };
}

function withPair(
  email: string | undefined,
  key: string | undefined,
  accounts: readonly SimulatedAccount[],
): Authentication {
  if (email === undefined || key === undefined) return refused(PROBLEMS.halfAPair);
  if (email === "" || key === "") return refused(PROBLEMS.emptyHeader);
  if (!email.includes("@")) return refused(PROBLEMS.malformedEmail);
  if (accounts.some(({ credentials }) => credentials.includes(key))) return refused(PROBLEMS.malformedKey);
  const own = accounts.filter(({ credentials }) =>
    credentials.some((known) => typeof known !== "string" && known.email === email && known.key === key),
  );
  if (own.length === 0) return refused(PROBLEMS.unknownKey);
  return {
    kind: "accepted",
    scheme: "key",
    credentialId: hexId(`${email} ${key}`),
    accounts: own,
    tokenKind: "user",
  };
}

/** Looks the request's credential up. Both schemes at once are refused: a client should send exactly one. */
export function authenticate(
  headers: IncomingHttpHeaders,
  accounts: readonly SimulatedAccount[],
): Authentication {
  const { authorization } = headers;
  const email = single(headers["x-auth-email"]);
  const key = single(headers["x-auth-key"]);
  const hasPair = email !== undefined || key !== undefined;
  if (authorization === undefined) return withPair(email, key, accounts);
  return hasPair ? refused(PROBLEMS.malformedBearer) : withToken(authorization, accounts);
}
