import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock } from "../../base/clock.ts";
import { parseBasicCredentials } from "./basic-credentials.ts";
import { isHealthProof } from "./health-proof.ts";
import type { Attempt, Verdict } from "./password-check.ts";
import { answerProblem } from "../site/problem.ts";
import { createRequestSlots, cutSlowReader } from "./request-slots.ts";
import { securityHeaders } from "./security-headers.ts";
import type { Site } from "../site/site.ts";
import { createTokenBucket } from "./token-bucket.ts";
import { costOf } from "../web-config/bcrypt-hash.ts";
import type { LiveWebConfig } from "../web-config/live.ts";
import type { WebSettings } from "../web-config/settings.ts";

export interface GateOptions {
  readonly web: LiveWebConfig;
  readonly site: Site;
  readonly checkPassword: (attempt: Attempt) => Promise<Verdict>;
  readonly clock: Clock;
  /** Requests under way at once, health checks apart. */
  readonly maxRequests: number;
  /** Whether health and readiness are told to anybody, without limits. */
  readonly authExemptHealth: boolean;
  /** The route's pattern without the prefix. */
  readonly handlerOf: (request: FastifyRequest) => string;
}

const HEALTHY = "/-/healthy";
const HEALTH: ReadonlySet<string> = new Set([HEALTHY, "/-/ready"]);
const CHALLENGE = 'Basic realm="cloudflare-interconnect-exporter", charset="UTF-8"';

/** What every request passes before its route, and every response after it: also those of no route. */
export function addGate(app: FastifyInstance, options: GateOptions): void {
  const { web, site, clock, handlerOf } = options;
  const takeToken = createTokenBucket(clock);
  const slots = createRequestSlots(options.maxRequests);

  app.addHook("onRequest", async (request, reply) => {
    const { settings, isBroken } = await web.current();
    const handler = handlerOf(request);
    const isHealth = HEALTH.has(handler);
    if (isHealth && options.authExemptHealth) return undefined;
    if (isBroken) return answerProblem(reply, site, 500, "The web config is broken: see the log");
    if (!takeToken(settings.rateLimit)) {
      reply.header("Retry-After", Math.ceil((settings.rateLimit?.intervalMs ?? 0) / 1000));
      return answerProblem(reply, site, 429, "More requests than the web config's rate_limit allows");
    }
    const verdict = await authenticate(settings, request, handler);
    if (verdict === "busy") {
      reply.header("Retry-After", 1);
      return answerProblem(reply, site, 503, "Too many passwords wait to be checked: try again");
    }
    if (verdict === "wrong") {
      reply.header("WWW-Authenticate", CHALLENGE);
      return answerProblem(
        reply,
        site,
        401,
        "Unauthorized: expected the user name and password of the web config",
      );
    }
    if (isHealth || slots.take(request, reply)) return undefined;
    reply.header("Retry-After", 1);
    return answerProblem(
      reply,
      site,
      503,
      `${options.maxRequests} requests are under way, the limit of --web.max-requests: try again`,
    );
  });

  async function authenticate(
    { users }: WebSettings,
    request: FastifyRequest,
    handler: string,
  ): Promise<Verdict> {
    if (users.size === 0) return "right";
    const { authorization } = request.headers;
    if (handler === HEALTHY && isHealthProof(authorization, { users })) return "right";
    const credentials = parseBasicCredentials(authorization);
    if (credentials === undefined) return "wrong";
    const hash = users.get(credentials.user)?.reveal();
    const costs = [...users.values()].map((each) => costOf(each.reveal()) ?? 0);
    return await options.checkPassword({ ...credentials, hash, highestCost: Math.max(...costs) });
  }

  app.addHook("onSend", async (request, reply) => {
    for (const [name, value] of securityHeaders(web.last().settings.headers)) reply.header(name, value);
    slots.release(request);
    cutSlowReader(reply, clock);
  });
}
