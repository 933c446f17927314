import type { ApiClient } from "../../src/api/client.ts";
import type { Clock } from "../../src/base/clock.ts";
import type { Connect } from "../../src/daemon/connect.ts";
import type { ListAnswer } from "../../src/domain/discovered.ts";
import { ApiError, type FailureKind } from "../../src/domain/failure.ts";
import type { StatusAnswer } from "../../src/domain/state.ts";
import { NO_INFO } from "../../src/domain/target.ts";

export interface SentRequest {
  readonly atMs: number;
  readonly operation: "status" | "list" | "verify";
  readonly account: string;
  /** `""` for a list or a verify. */
  readonly interconnect: string;
}

/** What the API does with a request: answers a state, fails in a way, or hangs until it is aborted. */
export type Reply =
  | { readonly state: string }
  | { readonly fails: FailureKind; readonly retryAfterMs?: number }
  | "hang";

export interface FakeApi {
  readonly connect: Connect;
  /** Every request that was sent, in order. */
  readonly requests: SentRequest[];
  /** Asked at each request. Lists and verifies that do not fail give `listed` and a token without an end. */
  reply: (request: SentRequest) => Reply;
  /** The names that an account's list shows, on one page. */
  listed: (account: string) => readonly string[];
  /** How long an answer takes. */
  latencyMs: number;
}

/** The API behind the client's own interface: for hours of simulated time, where sockets would not keep up with the clock. */
export function createFakeApi(clock: Clock): FakeApi {
  const api: FakeApi = {
    requests: [],
    reply: () => ({ state: "Healthy" }),
    listed: () => [],
    latencyMs: 0,
    connect: () => client,
  };

  async function request(
    operation: SentRequest["operation"],
    account: string,
    interconnect: string,
    signal: AbortSignal,
  ): Promise<string> {
    const sent = { atMs: clock.now().monoMs, operation, account, interconnect };
    api.requests.push(sent);
    const reply = api.reply(sent);
    await clock.sleep(reply === "hang" ? 86_400_000 : api.latencyMs, signal);
    if (reply === "hang") return "";
    if ("state" in reply) return reply.state;
    const retryable = reply.fails === "network" || reply.fails === "server_error";
    throw new ApiError(reply.fails, `${reply.fails} of the fake API`, {
      retryable,
      retryAfterMs: reply.retryAfterMs,
    });
  }

  const client: ApiClient = {
    async getStatus({ account, interconnect }, signal): Promise<StatusAnswer> {
      const word = await request("status", account, interconnect, signal);
      return { word, reason: undefined, cfRay: undefined };
    },
    async listInterconnects({ account, perPage }, signal): Promise<ListAnswer> {
      const send = (attempt: AbortSignal): Promise<string> => request("list", account, "", attempt);
      await (perPage === undefined ? send(signal) : perPage(send, signal));
      const items = api.listed(account).map((name) => ({ name, info: NO_INFO }));
      return { items, duplicates: [], unusable: 0, pages: 1 };
    },
    async verifyToken({ account }, signal) {
      await request("verify", account, "", signal);
      return { status: "active", expiresAtUnixMs: undefined };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return api;
}

/** The most requests in any window of this length: `(t - windowMs, t]`. */
export function busiestWindow(requests: readonly SentRequest[], windowMs: number): number {
  let first = 0;
  return requests.reduce((most, { atMs }, index) => {
    while ((requests[first]?.atMs ?? atMs) <= atMs - windowMs) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}
