import { expect, test } from "vitest";
import { EMPTY_STATE } from "../../../src/domain/state.ts";
import type { HttpPorts } from "../../../src/http/http-ports.ts";
import { siteOf } from "../../../src/http/site.ts";
import { MALFORMED_URL, routableUrl } from "../../../src/http/routes/unmatched.ts";
import { httpSubject } from "../../helpers/http-subject.ts";

function subject(site = siteOf(undefined, ""), counted: string[] = [], ports: Partial<HttpPorts> = {}) {
  const observe = (handler: string, code: number, count: number): void => {
    counted.push(`${handler} ${code} ${count}`);
  };
  return httpSubject({ observe, ...ports }, { site }).app;
}

test.each([
  ["/metric", "Nothing at /metric: did you mean /metrics?\n"],
  ["/-/helthy", "Nothing at /-/helthy: did you mean /-/healthy?\n"],
  ["/Metrics", "Nothing at /Metrics: did you mean /metrics?\n"],
  ["/something/else?x=<b>", "Nothing at /something/else: metrics are at /metrics\n"],
])("a path without a route, %s, is told where to go", async (url, body) => {
  const response = await subject().inject(url);
  expect([response.statusCode, response.body]).toEqual([404, body]);
  expect(response.headers["content-type"]).toBe("text/plain; charset=utf-8");
});

test.each(["/../../etc/passwd?x=<b>", "/%zz", `/${"a".repeat(5000)}`, "/-/healthy/", "//"])(
  "%s is told as text, never as a page",
  async (url) => {
    const response = await subject().inject(url);
    expect([400, 404]).toContain(response.statusCode);
    expect(response.headers["content-type"]).toMatch(/^text\/plain/);
    expect(response.headers["x-content-type-options"]).toBe("nosniff");
    expect(response.headers["content-security-policy"]).toContain("default-src 'none'");
  },
);

test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] as const)(
  "%s to a path that only reads answers 405 with what is allowed, whatever the body",
  async (method) => {
    for (const payload of [undefined, "x".repeat(100_000)]) {
      const headers = payload === undefined ? {} : { "content-type": "text/strange" };
      const response = await subject().inject({
        method,
        url: "/metrics?x=1",
        headers,
        ...(payload === undefined ? {} : { payload }),
      });
      expect(response.statusCode).toBe(405);
      expect(response.headers["allow"]).toBe("GET, HEAD");
      expect(response.body).toBe(`${method} is not allowed at /metrics: use GET or HEAD\n`);
    }
  },
);

test("with a prefix, / leads to it, and routes are known by their names without it", async () => {
  const counted: string[] = [];
  const app = subject(siteOf(undefined, "/a/b"), counted);
  const response = await app.inject("/");
  expect([response.statusCode, response.headers["location"]]).toEqual([302, "/a/b/"]);
  expect((await app.inject("/a/b/metrics")).statusCode).toBe(200);
  expect((await app.inject("/metrics")).statusCode).toBe(404);
  expect((await app.inject("/a/b/metric")).body).toBe("Nothing at /a/b/metric: did you mean /a/b/metrics?\n");
  expect(counted).toContain("/metrics 200 1");
  expect(counted).toContain("/-/ready 200 0");
  expect(counted.filter((each) => each.includes("/a/b"))).toEqual([]);
});

test.each([
  ["/stripped/by/the/proxy", "", "/"],
  ["/exporter", "/exporter", "/exporter"],
  ["/exporter", "/exporter", "/exporter/"],
])(
  "the page behind %s, with the route prefix %j, links to where clients find things",
  async (path, prefix, url) => {
    const site = siteOf({ origin: "https://example.com", path }, prefix);
    const now = { unixMs: 0, monoMs: 0 };
    const page = await subject(site, [], { read: () => ({ state: EMPTY_STATE, now }) }).inject(url);
    const links = [...page.body.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    const paths = ["/metrics", "/api/v1/interconnects", "/sd", "/config", "/-/healthy", "/-/ready"];
    expect(links).toEqual(expect.arrayContaining(paths.map((each) => path + each)));
    expect(links.filter((link) => link?.startsWith(`${path}/`) !== true)).toEqual([]);
  },
);

test("routableUrl() leaves what can be decoded, takes the path of an absolute URL, and sets aside the rest", () => {
  expect(routableUrl("/metrics?a=%zz")).toBe("/metrics?a=%zz");
  expect(routableUrl("http://example.com/metrics?a=1")).toBe("/metrics?a=1");
  expect(["/%zz", "/%", "/%ff", "*", "/a%c3", ""].map(routableUrl)).toEqual(
    Array.from({ length: 6 }, () => MALFORMED_URL),
  );
});
