import { getEventListeners, once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { issueCertificate } from "../helpers/issue-certificate.ts";
import { ASKED, failureOf, HEALTHY, subject, TOKEN } from "../helpers/client-subject.ts";
import { httpText, startRawServer } from "../helpers/raw-server.ts";

describe("getStatus()", () => {
  test("sends one plain GET with one credential and reads state, reason and cf-ray", async () => {
    const body = '{"state":"Down","reason":"no light","extra":1}';
    const headers = { "cf-ray": "8a1b-SYD", ratelimit: '"default";r=50;t=30' };
    await using server = await startRawServer((socket) => socket.write(httpText(200, body, headers)));
    await using it = subject(`${server.url}/client/v4/`);
    expect(await it.get()).toEqual({ word: "Down", reason: "no light", cfRay: "8a1b-SYD" });
    const [requestLine, ...lines] = server.requests[0]?.split("\r\n") ?? [];
    expect(requestLine).toBe("GET /client/v4/accounts/0a1b/cni/interconnects/icon-ewr-01/status HTTP/1.1");
    expect(lines.map((line) => line.toLowerCase()).sort()).toEqual([
      "accept-encoding: identity",
      "accept: application/json",
      `authorization: bearer ${TOKEN}`,
      "connection: keep-alive",
      `host: ${new URL(server.url).host}`,
      "user-agent: exporter/1",
    ]);
    expect(it.observed).toEqual([
      { operation: "status", account: "production", code: 200, durationMs: 0, rateLimitRemaining: 50 },
    ]);
  });

  test("keeps a name inside its own path segment", async () => {
    await using server = await startRawServer((socket) => socket.write(HEALTHY));
    await using it = subject(server.url);
    await it.get(undefined, "a/../b?c#d é%2e");
    expect(server.requests[0]).toContain(
      "GET /accounts/0a1b/cni/interconnects/a%2F..%2Fb%3Fc%23d%20%C3%A9%252e/status HTTP",
    );
    for (const name of ["", ".", ".."]) {
      expect(await failureOf(it.get(undefined, name))).toMatchObject({ kind: "client_error" });
    }
    expect(server.requests).toHaveLength(1);
  });

  test("uses one connection for requests that follow each other", async () => {
    await using server = await startRawServer((socket) => socket.write(HEALTHY));
    await using it = subject(server.url);
    const controller = new AbortController();
    for (let count = 0; count < 20; count += 1) {
      await it.get(controller.signal);
      // undici takes a connection back in the next turn of the event loop.
      await it.clock.settle();
    }
    expect(server.requests).toHaveLength(20);
    expect(server.accepted()).toBe(1);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  test("opens no more connections than allowed, and sends the rest when one is free", async () => {
    const waiting: Socket[] = [];
    await using server = await startRawServer((socket) => waiting.push(socket));
    await using it = subject(server.url, 3);
    const answers = Promise.all(Array.from({ length: 10 }, () => it.get()));
    for (const batch of [3, 3, 3, 1]) {
      await vi.waitUntil(() => waiting.length === batch);
      await it.clock.settle();
      expect(waiting).toHaveLength(batch);
      for (const socket of waiting.splice(0)) socket.write(HEALTHY);
    }
    expect(await answers).toHaveLength(10);
    expect(server.accepted()).toBe(3);
  });

  test.each([
    [
      "a page",
      httpText(200, "<html><title>Log in</title>", { "content-type": "text/html" }),
      'an HTML page titled "Log in"',
    ],
    ["truncated JSON", httpText(200, '{"state":"Hea'), '"{"state":"Hea"'],
    ["an empty body", httpText(200, ""), "an empty body"],
    ["a wrong shape", httpText(200, '{"status":"Healthy"}'), '"{"status":"Healthy"}"'],
    ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "not HTTP"],
    ["no content", "HTTP/1.1 204 X\r\n\r\n", "HTTP 204"],
  ])("calls %s an invalid response", async (_name, bytes, message) => {
    await using server = await startRawServer((socket) => socket.write(bytes));
    await using it = subject(server.url);
    const error = await failureOf(it.get());
    expect(error).toMatchObject({ kind: "invalid_response", retryable: false });
    expect(error.message).toContain(ASKED);
    expect(error.message).toContain(message);
  });

  test("stops reading an answer of 2 MiB", async () => {
    await using server = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n");
      for (let count = 0; count < 32; count += 1) socket.write(`10000\r\n${" ".repeat(65_536)}\r\n`);
    });
    await using it = subject(server.url);
    const error = await failureOf(it.get());
    expect(error).toMatchObject({ kind: "invalid_response" });
    expect(error.message).toBe(`Cannot read ${ASKED}: the answer is larger than 1048576 bytes`);
    await vi.waitUntil(() => server.open() === 0);
  });

  test("never follows a redirect", async () => {
    await using other = await startRawServer((socket) => socket.write(HEALTHY));
    await using server = await startRawServer((socket) =>
      socket.write(httpText(302, "", { location: `${other.url}/x` })),
    );
    await using it = subject(server.url);
    const error = await failureOf(it.get());
    expect(error).toMatchObject({ kind: "invalid_response", retryable: false });
    expect(error.message).toContain(`a redirect to "${other.url}/x", which is never followed`);
    expect(other.accepted()).toBe(0);
  });

  test("calls a reset or a body cut short a network failure worth a retry", async () => {
    const scripts = [
      (socket: Socket) => socket.resetAndDestroy(),
      (socket: Socket) => socket.end(),
      (socket: Socket) => socket.end('HTTP/1.1 200 X\r\ncontent-length: 99\r\n\r\n{"state":"Heal'),
    ];
    await using server = await startRawServer((socket) => scripts.shift()?.(socket));
    await using it = subject(server.url);
    for (let count = 0; count < 3; count += 1) {
      expect(await failureOf(it.get())).toMatchObject({ kind: "network", retryable: true });
    }
    expect(it.observed.map(({ code }) => code)).toEqual([0, 0, 200]);
  });

  test("calls a refused connection and an unknown host network failures, named for what they are", async () => {
    const server = await startRawServer(() => undefined);
    await server[Symbol.asyncDispose]();
    await using refused = subject(server.url);
    const error = await failureOf(refused.get());
    expect(error).toMatchObject({ kind: "network", retryable: true });
    expect(error.message).toBe(
      `Cannot read ${ASKED} from ${new URL(server.url).host}: the connection was refused (ECONNREFUSED)`,
    );
    await using unknown = subject("https://name.invalid");
    const dns = await failureOf(unknown.get());
    expect(dns).toMatchObject({ kind: "network", retryable: true });
    expect(dns.message).toContain("from name.invalid: DNS ");
    expect(unknown.observed).toMatchObject([{ code: 0 }]);
  });

  test("calls a self-signed certificate a TLS failure, and offers HTTP/1.1 alone", async () => {
    const offered: string[] = [];
    const server = createServer({
      ...(await issueCertificate("localhost")),
      ALPNCallback: ({ protocols }) => {
        offered.push(...protocols);
        return "http/1.1";
      },
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await using it = subject(`https://localhost:${(server.address() as AddressInfo).port}`);
    const error = await failureOf(it.get());
    server.close();
    expect(error).toMatchObject({ kind: "tls", retryable: false });
    expect(offered).toEqual(["http/1.1"]);
    expect(error.message).toContain("the certificate is not signed by a known authority");
  });

  test("does not repeat a credential that the answer repeats", async () => {
    const bodies = [
      httpText(403, `{"errors":[{"code":1,"message":"Authorization: Bearer ${TOKEN}"}]}`),
      httpText(200, `{"state":"Down","reason":"${TOKEN}"}`),
      httpText(302, "", { location: `/login/${TOKEN}` }),
      httpText(200, "", { "content-encoding": TOKEN }),
    ];
    await using server = await startRawServer((socket) => socket.write(bodies.shift() ?? ""));
    await using it = subject(server.url);
    expect((await failureOf(it.get())).message).toContain("Authorization: Bearer <secret>");
    expect(await it.get()).toMatchObject({ reason: "<secret>" });
    expect((await failureOf(it.get())).message).toContain('a redirect to "/login/<secret>"');
    expect((await failureOf(it.get())).message).toContain('Content-Encoding "<secret>"');
  });
});

test("closing the client ends what is in flight", async () => {
  await using server = await startRawServer(() => undefined);
  const it = subject(server.url);
  const failure = failureOf(it.get());
  await vi.waitUntil(() => server.requests.length === 1);
  await it.client[Symbol.asyncDispose]();
  expect(await failure).toMatchObject({ kind: "internal" });
  await vi.waitUntil(() => server.open() === 0);
});
