import type { AuthHeaders } from "./credentials.ts";
import { decodeToken, type VerifiedToken } from "./decode-token.ts";
import { quote } from "./describe-body.ts";
import { type Connection, get } from "./get.ts";
import { pathSegment } from "./path-segment.ts";
import type { TokenKind } from "./token-kind.ts";

export interface VerifyRequest {
  readonly account: string;
  readonly accountId: string;
  readonly authorization: AuthHeaders;
  /** Each kind is known at one path alone; the other calls a good token invalid. */
  readonly tokenKind: TokenKind;
}

const MAX_BODY_BYTES = 64 * 1024;

/** Asks what the API thinks of the token that asks. */
export async function verifyToken(
  connection: Connection,
  { account, accountId, authorization, tokenKind }: VerifyRequest,
  signal: AbortSignal,
): Promise<VerifiedToken> {
  const owner = tokenKind === "user" ? "/user" : `/accounts/${pathSegment(accountId)}`;
  const asked = `the validity of the token of ${quote(account)}`;
  return get(
    connection,
    {
      operation: "verify",
      account,
      authorization,
      path: `${owner}/tokens/verify`,
      asked,
      maxBytes: MAX_BODY_BYTES,
      decode: (headers, body) => decodeToken(asked, headers, body),
    },
    signal,
  );
}
