import type { FastifyInstance } from "fastify";
import { describe, expect, test } from "vitest";
import { scrapeBody } from "../../helpers/scrape-body.ts";
import { Secret } from "../../../src/base/secret.ts";
import { healthProof } from "../../../src/http/gate/health-proof.ts";
import type { HttpPorts } from "../../../src/http/http-ports.ts";
import type { AppOptions } from "../../../src/http/app.ts";
import { siteOf } from "../../../src/http/site.ts";
import { OPEN, type WebSettings } from "../../../src/http/web-config/settings.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { httpSubject } from "../../helpers/http-subject.ts";

const USERS = new Map([["alice", new Secret(`$2b$04$${"a".repeat(53)}`)]]);
const RIGHT = { authorization: `Basic ${Buffer.from("alice:right").toString("base64")}` };
const WRONG = { authorization: `Basic ${Buffer.from("alice:wrong").toString("base64")}` };

interface Changes {
  readonly settings?: Partial<WebSettings>;
  readonly isBroken?: boolean;
  readonly options?: Partial<AppOptions>;
  readonly ports?: Partial<HttpPorts>;
}

function subject({ settings, isBroken = false, options, ports }: Changes = {}): FastifyInstance {
  const state = { settings: { ...OPEN, ...settings }, isBroken };
  return httpSubject(ports, {
    web: { last: () => state, current: () => Promise.resolve(state) },
    checkPassword: async ({ password, hash }) =>
      hash !== undefined && password.toString() === "right" ? "right" : "wrong",
    site: siteOf(undefined, "/prefix"),
    ...options,
  }).app;
}

/** Every kind of path, and what it answers to those who may come in. */
const PATHS = [
  ["GET", "/prefix/metrics", 200],
  ["HEAD", "/prefix/metrics", 200],
  ["GET", "/", 302],
  ["GET", "/nothing", 404],
  ["GET", "/prefix/-/healthy/", 404],
  ["POST", "/prefix/metrics", 405],
  ["GET", "/%zz", 400],
  ["GET", `/${"a".repeat(9000)}`, 404],
  ["GET", "//", 404],
  ["GET", "/prefix/-/healthy", 200],
  ["GET", "/prefix/-/ready", 200],
] as const;

describe("with users", () => {
  test.each(PATHS)("%s %s answers 401 to strangers and %d to users", async (method, url, status) => {
    const app = subject({ settings: { users: USERS } });
    for (const headers of [{}, WRONG, { authorization: "Bearer x" }]) {
      const response = await app.inject({ method, url, headers });
      expect(response.statusCode).toBe(401);
      expect(response.headers["www-authenticate"]).toBe(
        'Basic realm="cloudflare-interconnect-exporter", charset="UTF-8"',
      );
      expect(response.headers["x-content-type-options"]).toBe("nosniff");
    }
    expect((await app.inject({ method, url, headers: RIGHT })).statusCode).toBe(status);
  });

  test("health and readiness are open when the flag says so, and nothing else", async () => {
    const app = subject({ settings: { users: USERS }, options: { authExemptHealth: true } });
    expect((await app.inject("/prefix/-/healthy")).statusCode).toBe(200);
    expect((await app.inject("/prefix/-/ready")).statusCode).toBe(200);
    for (const url of ["/prefix/metrics", "/-/healthy", "/prefix/-/healthy/", "/prefix/-/healthy%2f"])
      expect((await app.inject(url)).statusCode).toBe(401);
  });

  test("the health check's proof opens the health check alone, while the users are the same", async () => {
    const app = subject({ settings: { users: USERS } });
    const headers = { authorization: healthProof({ users: USERS }) };
    expect((await app.inject({ url: "/prefix/-/healthy", headers })).statusCode).toBe(200);
    for (const url of ["/prefix/metrics", "/prefix/-/ready", "/nothing"])
      expect((await app.inject({ url, headers })).statusCode).toBe(401);
    const others = { authorization: healthProof({ users: new Map([["bob", new Secret("x")]]) }) };
    expect((await app.inject({ url: "/prefix/-/healthy", headers: others })).statusCode).toBe(401);
  });

  test("too many waiting passwords answer 503 and when to try again", async () => {
    const app = subject({ settings: { users: USERS }, options: { checkPassword: async () => "busy" } });
    const response = await app.inject({ url: "/prefix/metrics", headers: WRONG });
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "1"]);
  });
});

describe("with a broken web config", () => {
  test.each(PATHS)("%s %s is refused", async (method, url) => {
    const response = await subject({ isBroken: true }).inject({ method, url });
    expect(response.statusCode).toBe(500);
    expect(response.body).toBe(method === "HEAD" ? "" : "The web config is broken: see the log\n");
  });

  test("health is still told when it is exempt", async () => {
    const app = subject({ isBroken: true, options: { authExemptHealth: true } });
    expect((await app.inject("/prefix/-/healthy")).statusCode).toBe(200);
    expect((await app.inject("/prefix/metrics")).statusCode).toBe(500);
  });
});

describe("headers", () => {
  test.each(PATHS)("%s %s has those of security", async (method, url) => {
    const { headers } = await subject().inject({ method, url });
    expect(headers).toMatchObject({
      "content-security-policy":
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "deny",
    });
  });

  test("of the web config win, and empty ones are left out", async () => {
    const headers = {
      "X-Frame-Options": "sameorigin",
      "Content-Security-Policy": "",
      "Strict-Transport-Security": "max-age=1",
    };
    const app = subject({ settings: { headers, users: USERS } });
    const response = await app.inject("/nothing");
    expect(response.headers["x-frame-options"]).toBe("sameorigin");
    expect(response.headers["content-security-policy"]).toBeUndefined();
    expect(response.headers["strict-transport-security"]).toBe("max-age=1");
    expect(response.headers["x-content-type-options"]).toBe("nosniff");
  });
});

test("rate_limit answers 429 beyond the burst, before any password is looked at", async () => {
  const clock = new FakeClock();
  const app = subject({
    settings: { users: USERS, rateLimit: { intervalMs: 2000, burst: 2 } },
    options: { clock, authExemptHealth: true },
  });
  const statusOf = async (url: string): Promise<number> =>
    (await app.inject({ url, headers: RIGHT })).statusCode;
  expect([await statusOf("/prefix/metrics"), await statusOf("/nothing")]).toEqual([200, 404]);
  const response = await app.inject("/prefix/metrics");
  expect([response.statusCode, response.headers["retry-after"]]).toEqual([429, "2"]);
  expect(await statusOf("/prefix/-/healthy")).toBe(200);
  await clock.advance(2000);
  expect(await statusOf("/prefix/metrics")).toBe(200);
});

describe("--web.max-requests", () => {
  test("answers 503 beyond, but for health, and counts a request until it has a body", async () => {
    const waiting: (() => void)[] = [];
    const app = subject({
      options: { maxRequests: 2 },
      ports: {
        scrape: () =>
          new Promise((resolve) => {
            waiting.push(() => resolve(scrapeBody(["metric 1\n"])));
          }),
      },
    });
    const first = [app.inject("/prefix/metrics"), app.inject("/prefix/metrics")];
    await expect.poll(() => waiting.length).toBe(2);
    const third = await app.inject("/prefix/metrics");
    expect(third.statusCode).toBe(503);
    expect(third.body).toBe("2 requests are under way, the limit of --web.max-requests: try again\n");
    expect((await app.inject("/nothing")).statusCode).toBe(503);
    expect((await app.inject("/prefix/-/healthy")).statusCode).toBe(200);
    for (const answer of waiting) answer();
    expect((await Promise.all(first)).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    const after = app.inject("/prefix/metrics");
    await expect.poll(() => waiting.length).toBe(3);
    waiting.at(-1)?.();
    expect((await after).statusCode).toBe(200);
  });

  test("counts no request twice that failed or was refused", async () => {
    let calls = 0;
    const app = subject({
      options: { maxRequests: 1 },
      ports: {
        async scrape() {
          calls += 1;
          throw new Error("cannot render");
        },
      },
    });
    for (let round = 0; round < 3; round += 1)
      expect((await app.inject("/prefix/metrics")).statusCode).toBe(500);
    expect(calls).toBe(3);
  });
});
