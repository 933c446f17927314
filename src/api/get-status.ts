import { hideSecrets } from "../base/credential-shape.ts";
import type { StatusAnswer } from "../domain/state.ts";
import type { AuthHeaders } from "./credentials.ts";
import { quote } from "./describe-body.ts";
import { type Connection, get } from "./get.ts";
import { pathSegment } from "./path-segment.ts";
import { readResult } from "./read-result.ts";
import { cfRayOf, type ResponseHeaders } from "./response-headers.ts";
import { statusShape } from "./wire.ts";

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

/** The status in a 200's body. Throws an `invalid_response` ApiError for anything but an object with a string `state`. */
export function decodeStatus(asked: string, headers: ResponseHeaders, body: string): StatusAnswer {
  const expected = 'a JSON object with a string "state"';
  const { state, reason } = readResult({ asked, shape: statusShape, expected }, headers, body);
  // Told on pages, in the log and as a label; whatever looks like a credential there was repeated from somewhere.
  return {
    word: hideSecrets(state),
    reason: reason === undefined ? undefined : hideSecrets(reason),
    cfRay: cfRayOf(headers),
  };
}
