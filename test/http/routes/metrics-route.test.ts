import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { HttpPorts } from "../../../src/http/http-ports.ts";
import { httpSubject, type HttpSubject } from "../../helpers/http-subject.ts";
import { scrapeBody } from "../../helpers/scrape-body.ts";
import { startWebSubject } from "../../helpers/web-subject.ts";
import { exchange } from "../../helpers/exchange.ts";

const TEXT = "text/plain; version=0.0.4; charset=utf-8";
const OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** An app whose scrape says what it was asked for. */
function subject(overrides: Partial<HttpPorts> = {}): HttpSubject {
  return httpSubject({
    async scrape({ format, encoding, names }) {
      const text = `${format} [${names.join(" ")}]\n`;
      return scrapeBody([encoding === "gzip" ? gzipSync(text) : text]);
    },
    ...overrides,
  });
}

describe("GET /metrics", () => {
  test.each([
    [undefined, TEXT, "text []\n"],
    ["*/*", TEXT, "text []\n"],
    ["image/png", TEXT, "text []\n"],
    ["application/openmetrics-text;version=1.0.0,text/plain;q=0.5", OPENMETRICS, "openmetrics []\n"],
  ])("with Accept %j answers 200 as %s", async (accept, type, body) => {
    await using it = subject();
    const response = await it.app.inject({
      url: "/metrics",
      headers: accept === undefined ? {} : { accept },
    });
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe(type);
    expect(response.body).toBe(body);
    expect(response.headers["cache-control"]).toBe("no-store");
    expect(response.headers["vary"]).toBe("Accept, Accept-Encoding");
    expect(response.headers["x-content-type-options"]).toBe("nosniff");
    expect(response.headers["content-encoding"]).toBeUndefined();
  });

  test("is gzip for those who ask, and the same text after", async () => {
    const body = 'state{reason="é ✓ 😀"} 1\n'.repeat(2000);
    await using it = subject({
      scrape: async ({ encoding }) => scrapeBody([encoding === "gzip" ? gzipSync(body) : body]),
    });
    const response = await it.app.inject({ url: "/metrics", headers: { "accept-encoding": "gzip" } });
    expect(response.headers["content-encoding"]).toBe("gzip");
    expect(response.headers["vary"]).toBe("Accept, Accept-Encoding");
    expect(response.rawPayload.length).toBeLessThan(body.length / 10);
    expect(Number(response.headers["content-length"])).toBe(response.rawPayload.length);
    expect(gunzipSync(response.rawPayload).toString()).toBe(body);
  });

  test.each([10, 300_000])("sends pieces of %d bytes one after the other", async (size) => {
    const pieces = ["a", "", "é", "z"].map((letter) => letter.repeat(size));
    await using it = subject({ scrape: async () => scrapeBody(pieces) });
    const port = Number(new URL(await it.app.listen({ host: "127.0.0.1", port: 0 })).port);
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: { "accept-encoding": "identity" },
    });
    expect(response.headers.get("content-length")).toBe(String(4 * size));
    expect(await response.text()).toBe(pieces.join(""));
  });

  test("passes the families of name[] on, one or several, and none when there is none", async () => {
    await using it = subject();
    const bodyOf = async (url: string): Promise<string> => (await it.app.inject(url)).body;
    expect(await bodyOf("/metrics?name[]=up")).toBe("text [up]\n");
    expect(await bodyOf("/metrics?name%5B%5D=a&name[]=b")).toBe("text [a b]\n");
    expect(await bodyOf("/metrics?other=1")).toBe("text []\n");
  });

  test("answers HEAD with the headers of GET and no body", async () => {
    await using it = subject();
    const get = await it.app.inject({ method: "GET", url: "/metrics" });
    const head = await it.app.inject({ method: "HEAD", url: "/metrics" });
    expect(head.statusCode).toBe(200);
    expect(head.body).toBe("");
    const { date: _getDate, ...expected } = get.headers;
    const { date: _headDate, ...headers } = head.headers;
    expect(headers).toEqual(expected);
  });

  test("is at the telemetry path alone", async () => {
    await using it = subject({ telemetryPath: "/m/etrics" });
    expect((await it.app.inject("/m/etrics")).statusCode).toBe(200);
    expect((await it.app.inject("/metrics")).statusCode).toBe(404);
  });

  test("that fails answers 500 to a person, and the next one is unharmed", async () => {
    let broken = true;
    await using it = subject({
      async scrape() {
        if (broken) throw new Error("cannot render");
        return scrapeBody(["fine\n"]);
      },
    });
    const response = await it.app.inject("/metrics");
    expect(response.statusCode).toBe(500);
    expect(response.headers["content-type"]).toBe("text/plain; charset=utf-8");
    broken = false;
    expect((await it.app.inject("/metrics")).body).toBe("fine\n");
  });
});

describe("over a real connection", () => {
  test("answers HEAD with a length and no body", async () => {
    await using it = await startWebSubject();
    const raw = await exchange(it.port, "HEAD /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(raw).toMatch(/^HTTP\/1\.1 200 /);
    expect(raw.toLowerCase()).toContain("content-length: 9\r\n");
    expect(raw.endsWith("\r\n\r\n")).toBe(true);
  });

  test("gives fetch, which asks for gzip by itself, the plain text", async () => {
    await using it = await startWebSubject();
    const response = await fetch(`http://127.0.0.1:${it.port}/metrics`, {
      headers: { accept: "text/plain" },
    });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(await response.text()).toBe("metric 1\n");
  });
});
