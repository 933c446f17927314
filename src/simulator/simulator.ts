/**
 * The simulated Cloudflare API on a real socket. What the sentinels in names do, and what is not imitated,
 * is in README.md beside this file.
 */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

import { type Clock, systemClock } from "../base/clock.ts";
import type { SimulatedAccount } from "./credentials.ts";
import { deliver } from "./deliver.ts";
import { hexId } from "./fingerprint.ts";
import type { OverrideHandler, OverrideScope } from "./override.ts";
import type { RateLimit } from "./rate-limit.ts";
import { type Operation, type RequestEntry, RequestLog } from "./request-log.ts";
import { type RateHeaders, SimulatedApi } from "./simulated-api.ts";
import { CALM_WORLD, type World, type WorldStatus } from "./world.ts";

export interface SimulatorOptions extends Partial<World> {
  readonly accounts: readonly SimulatedAccount[];
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** @default 0, a free one */
  readonly port?: number;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Added to every answer, before its headers. @default 0 */
  readonly latencyMs?: number;
  /** Default and largest page of the list. @default 50 */
  readonly pageSize?: number;
  /** @default "static" */
  readonly rateHeaders?: RateHeaders;
  /** A limit that is enforced, per credential. @default none */
  readonly rateLimit?: RateLimit;
  /** Target of the `redirect` fault. @default "https://elsewhere.example/" */
  readonly redirectTo?: string;
}

export interface Simulator extends AsyncDisposable {
  /** With the path prefix and without a slash at the end. */
  readonly baseUrl: string;
  readonly port: number;
  /** All requests so far in order of arrival; an entry's status appears when its answer begins. */
  readonly requests: readonly RequestEntry[];
  /** Most requests under way at once. */
  readonly maxInFlight: number;
  /** From now on this interconnect is in that state, in every account that has it or not. */
  setStatus(interconnect: string, status: WorldStatus): void;
  /** The newest override that matches goes first. Credentials and rate limits are checked before. */
  override(scope: OverrideScope, handler: OverrideHandler): void;
  setInterconnects(accountId: string, interconnects: readonly string[]): void;
  /** Adds an account or replaces the one with its id. */
  setAccount(account: SimulatedAccount): void;
  /** Forgets overrides, request counts of faults, and rate limits. */
  reset(): void;
  /** Empties `requests` and starts `maxInFlight` again. */
  clearRequests(): void;
}

const PREFIX = "/client/v4";
const INTERCONNECTS = `${PREFIX}/accounts/:account/cni/interconnects`;

const ROUTES: Readonly<Record<string, Operation>> = {
  [`${PREFIX}/user/tokens/verify`]: "verify-user",
  [`${PREFIX}/accounts/:account/tokens/verify`]: "verify-account",
  [INTERCONNECTS]: "list",
  [`${INTERCONNECTS}/:interconnect`]: "get",
  [`${INTERCONNECTS}/:interconnect/status`]: "status",
  [`${INTERCONNECTS}/:interconnect/loa`]: "loa",
  [`${INTERCONNECTS}/:interconnect/loa/default`]: "loa",
};

type Serve = (operation: Operation, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

function buildApp(serve: Serve): FastifyInstance {
  const app = Fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2000 },
    frameworkErrors: (_error, request, reply) => void serve("other", request, reply),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => {
    payload.resume();
    done(null);
  });
  for (const [path, operation] of Object.entries(ROUTES)) {
    app.get(path, (request, reply) => serve(operation, request, reply));
  }
  app.setNotFoundHandler((request, reply) => serve("other", request, reply));
  return app;
}

/** A path parameter, decoded; "" where the route has none. */
function param(request: FastifyRequest, name: string): string {
  const { params } = request;
  const value = typeof params === "object" && params !== null ? Object.entries(params) : [];
  return value.find(([key]) => key === name)?.[1] ?? "";
}

/** Starts listening. Disposing drops every connection, hanging ones too. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { accounts, host = "127.0.0.1", port = 0, clock = systemClock, latencyMs = 0 } = options;
  const { pageSize = 50, rateHeaders = "static", redirectTo = "https://elsewhere.example/" } = options;
  const { seed, beatMs, epochMs, outageShare } = { ...CALM_WORLD, ...options };
  const world: World = { seed, beatMs, epochMs, outageShare };
  const api = new SimulatedApi(
    { world, pageSize, rateHeaders, rateLimit: options.rateLimit, redirectTo },
    accounts,
  );
  const log = new RequestLog();

  const serve: Serve = async (operation, request, reply) => {
    const at = clock.now();
    const { method, url: path, headers } = request;
    const asked = {
      operation,
      method,
      path,
      account: param(request, "account"),
      interconnect: param(request, "interconnect"),
    };
    const visit = log.begin((serial) => ({
      ...asked,
      atMs: at.unixMs,
      userAgent: headers["user-agent"] ?? "",
      cfRay: `${hexId(`${seed}/ray/${serial}`).slice(0, 16)}-SIM`,
      violation: operation === "loa" || (method !== "GET" && method !== "HEAD"),
    }));
    const gone = new AbortController();
    reply.raw.once("close", () => {
      gone.abort();
      visit.left();
    });
    const { signal } = gone;
    const answer = await api.answer({ ...asked, headers, at, serial: visit.serial, signal });
    const common = {
      date: new Date(at.unixMs).toUTCString(),
      server: "cloudflare",
      "cf-cache-status": "DYNAMIC",
      "cf-ray": visit.entry.cfRay,
    };
    const whole = {
      ...answer,
      headers: { ...common, ...answer.headers },
      delayMs: answer.delayMs + latencyMs,
    };
    await deliver(reply, whole, { clock, signal, onAnswered: visit.answered });
    return reply;
  };

  const app = buildApp(serve);
  const origin = await app.listen({ host, port });
  return {
    baseUrl: `${origin}${PREFIX}`,
    port: Number(new URL(origin).port),
    get requests() {
      return log.entries;
    },
    get maxInFlight() {
      return log.maxInFlight;
    },
    setStatus: (interconnect, status) =>
      api.addOverride({ scope: { operation: "status", interconnect }, handler: () => ({ body: status }) }),
    override: (scope, handler) => api.addOverride({ scope, handler }),
    setInterconnects: (accountId, interconnects) => api.setInterconnects(accountId, interconnects),
    setAccount: (account) => api.setAccount(account),
    reset: () => api.reset(),
    clearRequests: () => log.clear(),
    async [Symbol.asyncDispose]() {
      await app.close();
    },
  };
}
