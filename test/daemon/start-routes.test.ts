import { hostname } from "node:os";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../src/base/random.ts";
import { type Daemon, startDaemon } from "../../src/daemon/start.ts";
import { type Site, siteOf } from "../../src/http/site.ts";
import { webOptions } from "../helpers/web-options.ts";
import { exchange } from "../helpers/exchange.ts";
import { createFakeApi, type FakeApi } from "../helpers/fake-api.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { testAccount, testConfig } from "../helpers/generation-subject.ts";
import { hostileText } from "../helpers/hostile-text.ts";
import { createSinkLog, type SinkLog } from "../helpers/sink-log.ts";

// The whole daemon before an API that counts: whatever is asked of the routes, nothing is asked of Cloudflare.

const CANARY = "CANARY-token";
const clock = new FakeClock();
const log: SinkLog = createSinkLog();
let api: FakeApi;
let daemon: Daemon;
let sent: number;

beforeAll(async () => {
  api = createFakeApi(clock);
  daemon = await startDaemon({
    config: await testConfig({ accounts: [testAccount("production", 3, CANARY)] }),
    web: webOptions(),
    processMetrics: false,
    connect: api.connect,
    build: { version: "0", revision: "", nodeVersion: "v24" },
    clock,
    random: seededRandom(1),
    log,
  });
  await clock.advance(15_000);
  sent = api.requests.length;
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** The status line and headers, and the body, of an answer to these bytes in a request line. */
async function ask(target: string, method = "GET") {
  const answer = await exchange(
    daemon.port,
    `${method} ${target} HTTP/1.1\r\nHost: localhost:${daemon.port}\r\nConnection: close\r\n\r\n`,
  );
  const end = answer.indexOf("\r\n\r\n");
  return {
    code: Number(answer.slice(9, 12)),
    head: answer.slice(0, end).toLowerCase(),
    body: answer.slice(end + 4),
  };
}

const ROUTES = [
  ["/", "text/html; charset=utf-8"],
  ["/interconnects/production/icon-000", "text/html; charset=utf-8"],
  ["/interconnects/production/icon-000/support.txt", "text/plain; charset=utf-8"],
  ["/api/v1/interconnects", "application/json; charset=utf-8"],
  ["/api/v1/interconnects/production/icon-000", "application/json; charset=utf-8"],
  ["/probe?account=production&interconnect=icon-000", "text/plain; version=0.0.4; charset=utf-8"],
  ["/sd", "application/json; charset=utf-8"],
  ["/config", "text/plain; charset=utf-8"],
] as const;

describe.each(ROUTES)("%s", (path, type) => {
  test("answers from records, is not to be stored or guessed at, and holds no secret", async () => {
    const { code, head, body } = await ask(path);
    expect(code).toBe(200);
    expect(head).toContain(`content-type: ${type}\r\n`);
    expect(head).toContain("cache-control: no-store\r\n");
    expect(head).toContain("x-content-type-options: nosniff\r\n");
    expect(head).toContain("content-security-policy: default-src 'none'");
    expect(body).toContain("icon-000");
    expect(body).not.toContain(CANARY);
  });

  test("answers HEAD with the same length and no body", async () => {
    const [get, head] = [await ask(path), await ask(path, "HEAD")];
    expect([head.code, head.body]).toEqual([200, ""]);
    expect(head.head).toContain(`content-length: ${Buffer.byteLength(get.body)}`);
  });
});

const LONG = "x".repeat(10_240);
/** What a hostile parameter looks like in an address. */
const HOSTILE = [
  "..",
  "../../../etc/passwd",
  "..%2f..%2f..%2fetc%2fpasswd",
  "%2e%2e%2ficon-000",
  "icon-000%00",
  "%00",
  "icon-000%0d%0aX-Evil:%201",
  "%zz",
  "%ff%fe",
  "%u0041",
  LONG,
  "%41".repeat(5000),
  "http://127.0.0.1:1/",
  "//evil.example.com/",
  "https%3A%2F%2Fevil.example.com%2F",
  "icon-000@evil.example.com",
  "__proto__",
  "constructor",
  "toString",
  "icon-000?interconnect=x",
  "icon-000;x=1",
  "*",
  "${jndi:ldap://evil.example.com}".replaceAll(/[{}$]/g, encodeURIComponent),
  "icon-000/loa",
  "icon-000%2Floa",
  "icon-000%2Fstatus",
  "023e105f4ecef8ad9ca31a8372d0c353",
];

test.each(HOSTILE)("hostile %.40s is refused everywhere, as no parameter and as no path", async (text) => {
  const targets = [
    `/probe?account=production&interconnect=${text}&interconnect=${text}`,
    `/probe?account=production/&interconnect=${text}`,
    `/probe?account=${text}&interconnect=icon-000`,
    `/api/v1/interconnects/${text}/icon-000`,
    `/api/v1/interconnects/production/x${text}`,
    `/api/v1/${text}`,
    `/sd/${text}`,
    `/config/${text}`,
  ];
  const errors: unknown[] = [];
  for (const target of targets) {
    const { code, head, body } = await ask(target);
    expect([target, [400, 404, 431].includes(code)]).toEqual([target, true]);
    expect(head).not.toContain("x-evil");
    expect(head).not.toContain("text/html");
    if (target.startsWith("/api/") && code !== 431) errors.push(JSON.parse(body));
  }
  expect(errors).toEqual(errors.map(() => ({ error: expect.any(String) })));
});

test.each(["/api/v1/interconnects", "/config", "/sd", "/probe"])(
  "%s takes no other origin for an order",
  async (path) => {
    for (const origin of ["http://evil.example.com", "https://api.cloudflare.com"]) {
      const { code, head } = await ask(`${origin}${path}?account=a&interconnect=b`);
      expect([200, 400, 404]).toContain(code);
      expect(head).not.toContain("location:");
      expect(head).not.toContain("access-control-allow");
    }
  },
);

const raw = fc.oneof(
  hostileText.map(encodeURIComponent),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "%",
          "%00",
          "%zz",
          "..",
          "/",
          "?",
          "&",
          "=",
          "[",
          "]",
          "#",
          ";",
          ":",
          "@",
          "%2F",
          "%c3",
          "icon-000",
          "production",
        ),
        fc.string({ minLength: 1, maxLength: 1 }).map(encodeURIComponent),
      ),
    )
    .map((parts) => parts.join("")),
);
const pattern = fc.constantFrom(
  (text: string) => `/probe?account=production&interconnect=${text}`,
  (text: string) => `/probe?${text}`,
  (text: string) => `/api/v1/interconnects/production/${text}`,
  (text: string) => `/api/${text}`,
  (text: string) => `/sd?${text}`,
  (text: string) => `/config?${text}`,
  (text: string) => `/${text}`,
);

test("no parameter and no path ever makes a 5xx", async () => {
  await fc.assert(
    fc.asyncProperty(pattern, raw, async (targetOf, text) => {
      const { code } = await ask(targetOf(text));
      expect([200, 400, 404]).toContain(code);
    }),
    { numRuns: 500 },
  );
});

test("none of all that was asked above reached the API or was a bug", () => {
  expect(sent).toBeGreaterThan(3);
  expect(api.requests).toHaveLength(sent);
  expect(log.lines.filter(({ level }) => level === "error")).toEqual([]);
});

/** The value of the label of `web_info` of a daemon with this site. */
async function announcedBy(site: Site): Promise<string | undefined> {
  const its = new FakeClock();
  await using served = await startDaemon({
    config: await testConfig({ accounts: [testAccount("production", 1)] }),
    web: { ...webOptions(), site },
    processMetrics: false,
    connect: createFakeApi(its).connect,
    build: { version: "0", revision: "", nodeVersion: "v24" },
    clock: its,
    random: seededRandom(1),
    log: createSinkLog(),
  });
  const metrics = await (await fetch(`http://127.0.0.1:${served.port}${site.routePrefix}/metrics`)).text();
  return /web_info\{external_url="([^"]*)"\} 1/.exec(metrics)?.[1]?.replace(String(served.port), "PORT");
}

test("web_info says where people reach the exporter: the external URL, else host name and port, as Prometheus does", async () => {
  const origin = "https://noc.example.com";
  expect(await announcedBy(siteOf({ origin, path: "/cni" }, undefined))).toBe("https://noc.example.com/cni");
  // The proxy strips the path.
  expect(await announcedBy(siteOf({ origin, path: "/cni" }, ""))).toBe("https://noc.example.com/cni");
  expect(await announcedBy(siteOf(undefined, undefined))).toBe(`http://${hostname()}:PORT`);
  expect(await announcedBy(siteOf({ origin: undefined, path: "/cni" }, undefined))).toBe(
    `http://${hostname()}:PORT/cni`,
  );
});
