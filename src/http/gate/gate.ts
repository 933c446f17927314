import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../base/clock.ts";
import { answerProblem } from "../problem.ts";
import type { Site } from "../site.ts";
import { costOf } from "../web-config/bcrypt-hash.ts";
import type { LiveWebConfig } from "../web-config/live.ts";
import type { RateLimit, WebSettings } from "../web-config/settings.ts";
import { parseBasicCredentials } from "./basic-credentials.ts";
import { isHealthProof } from "./health-proof.ts";
import type { Attempt, PasswordResult } from "./password-check.ts";
import { createRequestSlots, cutSlowReader } from "./request-slots.ts";
import { securityHeaders } from "./security-headers.ts";
import { createTokenBucket } from "./token-bucket.ts";

export interface GateOptions {
  readonly web: LiveWebConfig;
  readonly site: Site;
  readonly checkPassword: (attempt: Attempt) => Promise<PasswordResult>;
  readonly clock: Clock;
  /** Requests under way at once, health checks apart. */
  readonly maxRequests: number;
  /** Whether health and readiness are told to anybody, without limits. */
  readonly authExemptHealth: boolean;
  /** The route's pattern without the prefix. */
  readonly handlerOf: (request: FastifyRequest) => string;
}

const HEALTHY = "/-/healthy";
/** Not under way but open, and bounded by its route. */
const STREAMS = "/events";
const HEALTH: ReadonlySet<string> = new Set([HEALTHY, "/-/ready"]);

/** What every request passes before its route, and every response after it: also those of no route. */
export function addGate(app: FastifyInstance, options: GateOptions): void {
  const { web, site, clock } = options;
  const slots = createRequestSlots(options.maxRequests);
  const refusalOf = createRefusals(options, slots.take);

  app.addHook("onRequest", async (request, reply) => {
    const refusal = await refusalOf(request, reply);
    if (refusal === undefined) return undefined;
    return answerProblem(reply.headers(refusal.headers), site, refusal.code, refusal.message);
  });

  app.addHook("onSend", async (request, reply, payload) => {
    for (const [name, value] of securityHeaders(web.last().settings.headers)) {
      // What never changes under its name may be kept: its route says so.
      if (name !== "Cache-Control" || !reply.hasHeader(name)) reply.header(name, value);
    }
    slots.release(request);
    if (payload instanceof Readable) payload.once("close", () => cutSlowReader(reply, clock));
    else cutSlowReader(reply, clock);
  });
}

interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, string | number>>;
}

const BROKEN: Refusal = { code: 500, message: "The web config is broken: see the log", headers: {} };

const UNAUTHORIZED: Refusal = {
  code: 401,
  message: "Unauthorized: expected the user name and password of the web config",
  headers: { "WWW-Authenticate": 'Basic realm="cloudflare-interconnect-exporter", charset="UTF-8"' },
};

const TOO_MANY_PASSWORDS: Refusal = {
  code: 503,
  message: "Too many passwords wait to be checked: try again",
  headers: { "Retry-After": 1 },
};

function tooManyRequests(rateLimit: RateLimit | undefined): Refusal {
  return {
    code: 429,
    message: "More requests than the web config's rate_limit allows",
    headers: { "Retry-After": Math.ceil((rateLimit?.intervalMs ?? 0) / 1000) },
  };
}

function allUnderWay(maxRequests: number): Refusal {
  return {
    code: 503,
    message: `${maxRequests} requests are under way, the limit of --web.max-requests: try again`,
    headers: { "Retry-After": 1 },
  };
}

/** Why a request is turned away; undefined when it may pass. The order is that of what each check costs and tells. */
function createRefusals(
  { web, clock, handlerOf, checkPassword, maxRequests, authExemptHealth }: GateOptions,
  takeSlot: (request: FastifyRequest, reply: FastifyReply) => boolean,
): (request: FastifyRequest, reply: FastifyReply) => Promise<Refusal | undefined> {
  const takeToken = createTokenBucket(clock);

  async function authenticate({ users }: WebSettings, request: FastifyRequest): Promise<PasswordResult> {
    if (users.size === 0) return "right";
    const { authorization } = request.headers;
    if (handlerOf(request) === HEALTHY && isHealthProof(authorization, { users })) return "right";
    const credentials = parseBasicCredentials(authorization);
    if (credentials === undefined) return "wrong";
    const hash = users.get(credentials.user)?.reveal();
    const costs = [...users.values()].map((each) => costOf(each.reveal()) ?? 0);
    return await checkPassword({ ...credentials, hash, highestCost: Math.max(...costs) });
  }

  return async (request, reply) => {
    const { settings, isBroken } = await web.current();
    const isHealth = HEALTH.has(handlerOf(request));
    if (isHealth && authExemptHealth) return undefined;
    if (isBroken) return BROKEN;
    if (!takeToken(settings.rateLimit)) return tooManyRequests(settings.rateLimit);
    const result = await authenticate(settings, request);
    if (result === "busy") return TOO_MANY_PASSWORDS;
    if (result === "wrong") return UNAUTHORIZED;
    if (isHealth || handlerOf(request) === STREAMS) return undefined;
    return takeSlot(request, reply) ? undefined : allUnderWay(maxRequests);
  };
}
