import type { StatusAnswer } from "../domain/state.ts";
import { unexpectedBody } from "./classify-response.ts";
import type { AuthHeaders } from "./credentials.ts";
import { parseJson, quote } from "./describe-body.ts";
import { type Connection, get } from "./get.ts";
import { pathSegment } from "./path-segment.ts";
import { cfRayOf, type ResponseHeaders } from "./response-headers.ts";
import { statusShape, unwrap } from "./wire.ts";

export interface StatusRequest {
  readonly account: string;
  readonly accountId: string;
  readonly interconnect: string;
  readonly authorization: AuthHeaders;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** Asks for the status of one interconnect. */
export async function getStatus(
  connection: Connection,
  { account, accountId, interconnect, authorization }: StatusRequest,
  signal: AbortSignal,
): Promise<StatusAnswer> {
  const asked = `the status of ${quote(`${account}/${interconnect}`)}`;
  return get(
    connection,
    {
      operation: "status",
      account,
      authorization,
      path: `/accounts/${pathSegment(accountId)}/cni/interconnects/${pathSegment(interconnect)}/status`,
      asked,
      maxBytes: MAX_BODY_BYTES,
      decode: (headers, body) => decodeStatus(asked, headers, body),
    },
    signal,
  );
}

/**
 * The status in a 200's body. Decided by the body alone, so that a proxy which drops or changes the media type
 * does no harm. Throws an `invalid_response` ApiError for anything but an object with a string `state`.
 */
export function decodeStatus(asked: string, headers: ResponseHeaders, body: string): StatusAnswer {
  const status = statusShape.safeParse(unwrap(parseJson(body)));
  if (!status.success) throw unexpectedBody(asked, 'a JSON object with a string "state"', headers, body);
  return { word: status.data.state, reason: status.data.reason ?? undefined, cfRay: cfRayOf(headers) };
}
