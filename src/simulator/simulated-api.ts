/**
 * Decides every answer of the simulated API, in the order in which Cloudflare's gateway is seen to: route,
 * credential, rate limit, account, then the product. Knows nothing of sockets.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Instant } from "../base/clock.ts";
import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";
import { hashFraction } from "../base/hash.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { type ApiProblem, cannotRoute, PROBLEMS, problemAnswer } from "./api-problem.ts";
import { authenticate, type SimulatedAccount } from "./credentials.ts";
import { faultOf } from "./fault.ts";
import { applyFault } from "./faults.ts";
import { interconnectOf } from "./interconnect.ts";
import { listAnswer, verifyAnswer } from "./operations.ts";
import { type Override, overriddenAnswer } from "./override.ts";
import { RateCounter, type RateLimit, type RateUsage } from "./rate-limit.ts";
import type { Operation } from "./request-log.ts";
import { statusAt, type World } from "./world.ts";

/** `static` is what live responses were seen to say whatever the use; `truthful` counts. */
export type RateHeaders = "static" | "truthful" | "none";

export interface ApiOptions {
  readonly world: World;
  readonly pageSize: number;
  readonly rateHeaders: RateHeaders;
  /** Undefined: counted as documented, never enforced. */
  readonly rateLimit: RateLimit | undefined;
  readonly redirectTo: string;
}

/** One request, as far as an answer depends on it. */
export interface Asked {
  readonly operation: Operation;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly account: string;
  readonly interconnect: string;
  readonly headers: IncomingHttpHeaders;
  readonly at: Instant;
  readonly serial: number;
  readonly signal: AbortSignal;
}

const ACCOUNT_ID = /^[0-9a-f]{32}$/;

export class SimulatedApi {
  readonly #options: ApiOptions;
  readonly #rate: RateCounter;
  readonly #seen = new Map<string, number>();
  #accounts: readonly SimulatedAccount[];
  #overrides: readonly Override[] = [];

  constructor(options: ApiOptions, accounts: readonly SimulatedAccount[]) {
    this.#options = options;
    this.#accounts = accounts;
    this.#rate = new RateCounter(options.rateLimit ?? CLOUDFLARE_LIMIT);
  }

  /** Adds the account, or puts it in place of the one with its id. */
  setAccount(account: SimulatedAccount): void {
    this.#accounts = [...this.#accounts.filter(({ accountId }) => accountId !== account.accountId), account];
  }

  /** Throws a RangeError for an account that does not exist. */
  setInterconnects(accountId: string, interconnects: readonly string[]): void {
    const account = this.#accounts.find((candidate) => candidate.accountId === accountId);
    if (account === undefined)
      throw new RangeError(`Expected the id of a simulated account, got "${accountId}"`);
    this.setAccount({ ...account, interconnects });
  }

  addOverride(override: Override): void {
    this.#overrides = [...this.#overrides, override];
  }

  /** Forgets overrides, rate limits and the counts of `once`, `first-N` and `every-N`. */
  reset(): void {
    this.#overrides = [];
    this.#seen.clear();
    this.#rate.forget();
  }

  async answer(asked: Asked): Promise<Answer> {
    if (asked.operation === "other") {
      const path = asked.path.split("?", 1)[0] ?? "";
      return this.#problem(asked, asked.method === "GET" ? cannotRoute(path) : PROBLEMS.methodNotAllowed);
    }
    if (asked.operation !== "verify-user" && !ACCOUNT_ID.test(asked.account)) {
      return this.#problem(asked, cannotRoute(asked.path));
    }
    const who = authenticate(asked.headers, this.#accounts);
    if (who.kind === "refused") return this.#problem(asked, who.problem, this.#rateHeaders(undefined));
    const usage = this.#rate.take(who.credentialId, asked.at.monoMs);
    const headers = this.#rateHeaders(usage);
    if (this.#options.rateLimit !== undefined && usage.blockedSeconds !== undefined) {
      return this.#problem(asked, PROBLEMS.throttled, {
        ...headers,
        "retry-after": String(usage.blockedSeconds),
      });
    }
    const answer = (await overriddenAnswer(this.#overrides, asked)) ?? this.#decide(asked, who);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  #decide(asked: Asked, who: ReturnType<typeof authenticate> & { readonly kind: "accepted" }): Answer {
    const { operation } = asked;
    if (operation === "verify-user") return verifyAnswer(who, "user", this.#variation(asked));
    const account = who.accounts.find(({ accountId }) => accountId === asked.account);
    if (account === undefined) return this.#problem(asked, PROBLEMS.authentication);
    if (operation === "verify-account") return verifyAnswer(who, "account", this.#variation(asked));
    if (account.tokenStatus !== undefined && account.tokenStatus !== "active" && who.scheme === "token") {
      return this.#problem(asked, PROBLEMS.expiredToken);
    }
    if (operation === "list") return this.#list(asked, account);
    if (operation === "loa" || !account.interconnects.includes(asked.interconnect)) {
      return this.#problem(asked, PROBLEMS.unknownInterconnect);
    }
    const { world } = this.#options;
    const truth =
      operation === "status"
        ? statusAt(world, asked.interconnect, asked.at.unixMs)
        : interconnectOf(world.seed, asked.account, asked.interconnect);
    return this.#withFault(asked, asked.interconnect, "interconnect", jsonAnswer(200, truth), 0);
  }

  #list(asked: Asked, account: SimulatedAccount): Answer {
    const { world, pageSize } = this.#options;
    const query = new URLSearchParams(asked.path.split("?")[1] ?? "");
    const truth = listAnswer(account, query, {
      seed: world.seed,
      pageSize,
      variation: this.#variation(asked),
    });
    const culprit = account.interconnects.find((name) => faultOf(name)?.scope === "list");
    const cursor = Number(query.get("cursor") ?? 0);
    return culprit === undefined ? truth : this.#withFault(asked, culprit, "list", truth, cursor);
  }

  #withFault(
    asked: Asked,
    name: string,
    scope: "list" | "interconnect",
    truth: Answer,
    cursor: number,
  ): Answer {
    const fault = faultOf(name);
    if (fault?.scope !== scope) return truth;
    const key = `${asked.account}/${asked.operation}/${name}`;
    const nth = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, nth);
    const { beatMs, epochMs } = this.#options.world;
    const { redirectTo } = this.#options;
    const { unixMs } = asked.at;
    const variation = this.#variation(asked);
    return applyFault(truth, fault, { name, nth, unixMs, beatMs, epochMs, variation, redirectTo, cursor });
  }

  #problem(asked: Asked, problem: ApiProblem, headers?: Answer["headers"]): Answer {
    return problemAnswer(problem, this.#variation(asked), headers);
  }

  #variation({ serial }: Asked): number {
    return hashFraction(`${this.#options.world.seed}/variation/${serial}`);
  }

  #rateHeaders(usage: RateUsage | undefined): Answer["headers"] {
    const { rateHeaders: style, rateLimit = CLOUDFLARE_LIMIT } = this.#options;
    if (style === "none" || (style === "truthful" && usage === undefined)) return {};
    if (style === "static" || usage === undefined) {
      return rateHeaders(CLOUDFLARE_LIMIT.requests - 1, 1, CLOUDFLARE_LIMIT);
    }
    return rateHeaders(usage.remaining, usage.resetSeconds, rateLimit);
  }
}

/** The headers of the IETF draft, as Cloudflare sends them. */
function rateHeaders(remaining: number, resetSeconds: number, limit: RateLimit): Answer["headers"] {
  return {
    ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
    "ratelimit-policy": `"default";q=${limit.requests};w=${Math.ceil(limit.windowMs / 1000)}`,
  };
}
