import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { createProxyConnector } from "../../src/api/proxy-connector.ts";
import { parseProxyUrl } from "../../src/base/proxy-url.ts";
import { makeCertificates } from "../helpers/server-certificates.ts";
import { ASKED, failureOf, HEALTHY, reasonOf, subject } from "../helpers/client-subject.ts";
import { startForwardProxy } from "../helpers/forward-proxy.ts";
import { startRawServer } from "../helpers/raw-server.ts";
import { startTlsServer } from "../helpers/tls-server.ts";

const certificates = await makeCertificates();
const { ca } = certificates;
const PASSWORD = "canary-of-a-password";
const API = "https://api.test.invalid";

/** The proxy's URL with a user and a password. */
function withUser(url: string, password = PASSWORD): { readonly url: string } {
  return { url: url.replace("://", `://user:${password}@`) };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

describe("through a proxy with a password", () => {
  test("one tunnel carries requests that follow each other, to a name that the proxy alone knows", async () => {
    await using server = await startTlsServer(certificates.good);
    await using proxy = await startForwardProxy({ to: server.port, credential: `user:${PASSWORD}` });
    await using it = subject(`${API}/client/v4`, 4, { ca, proxy: withUser(proxy.url) });
    for (let count = 0; count < 5; count += 1) {
      expect(await it.get()).toMatchObject({ word: "Healthy" });
      await it.clock.settle();
    }
    expect(proxy.tunnels).toEqual(["api.test.invalid:443"]);
    expect(server.requests).toHaveLength(5);
    expect(new Set(server.offered)).toEqual(new Set(["http/1.1"]));
    expect(inspect(it.client, { depth: 9, showHidden: true })).not.toContain(PASSWORD);
  });

  test("plain HTTP goes by CONNECT too, IPv6 in brackets, the API's token never to the proxy", async () => {
    await using server = await startRawServer((socket) => socket.write(HEALTHY));
    await using proxy = await startForwardProxy({ to: portOf(server.url) });
    await using it = subject("http://[2001:db8::7]", 4, { proxy });
    expect(await it.get()).toMatchObject({ word: "Healthy" });
    await using other = subject("http://api.test.invalid:8080", 4, { proxy });
    expect(await other.get()).toMatchObject({ word: "Healthy" });
    expect(proxy.tunnels).toEqual(["[2001:db8::7]:80", "api.test.invalid:8080"]);
    expect(proxy.authorizations).toEqual([undefined, undefined]);
    expect(proxy.others).toEqual([]);
    expect(server.requests[0]?.toLowerCase()).not.toContain("proxy-");
  });

  test("no more tunnels are opened than connections allowed", async () => {
    const waiting: Socket[] = [];
    await using server = await startRawServer((socket) => waiting.push(socket));
    await using proxy = await startForwardProxy({ to: portOf(server.url) });
    await using it = subject("http://api.test.invalid", 3, { proxy });
    const answers = Promise.all(Array.from({ length: 10 }, () => it.get()));
    for (const batch of [3, 3, 3, 1]) {
      await vi.waitUntil(() => waiting.length === batch);
      await it.clock.settle();
      for (const socket of waiting.splice(0)) socket.write(HEALTHY);
    }
    expect(await answers).toHaveLength(10);
    expect(proxy.tunnels).toHaveLength(3);
    expect(proxy.mostOpen()).toBe(3);
  });

  test("a proxy that itself speaks TLS", async () => {
    await using server = await startTlsServer(certificates.good);
    const { good: identity } = certificates;
    await using proxy = await startForwardProxy({
      to: server.port,
      identity,
      credential: `user:${PASSWORD}`,
    });
    await using it = subject(API, 4, { ca, proxy: withUser(proxy.url) });
    expect(await it.get()).toMatchObject({ word: "Healthy" });
    expect(proxy.tunnels).toEqual(["api.test.invalid:443"]);
  });

  test("closing the client closes the tunnel, and ends a request that waits for one", async () => {
    await using server = await startTlsServer(certificates.good);
    await using proxy = await startForwardProxy({ to: server.port });
    const it = subject(API, 4, { ca, proxy });
    await it.get();
    expect(proxy.open()).toBe(1);
    await it.client[Symbol.asyncDispose]();
    await vi.waitUntil(() => proxy.open() === 0);

    await using silent = await startForwardProxy({ to: server.port, answer: () => undefined });
    const other = subject(API, 4, { ca, proxy: silent });
    const failure = failureOf(other.get());
    await vi.waitUntil(() => silent.tunnels.length === 1);
    await other.client[Symbol.asyncDispose]();
    expect(await failure).toMatchObject({ kind: "internal" });
  });
});

describe("a failure at the proxy is named, without the password", () => {
  test.each([
    ["a wrong password", "407 X", "network", false, "the proxy answered HTTP 407: it wants a user and a pa"],
    ["a host not allowed", "403 X", "network", false, "the proxy answered HTTP 403: it does not allow CON"],
    ["no way to the API", "502 X", "network", true, "the proxy answered HTTP 502: it could not make the c"],
    ["its own rate limit", "429 X", "network", false, "the proxy answered HTTP 429: "],
  ])("%s", async (_name, status, kind, retryable, text) => {
    const head = `HTTP/1.1 ${status}\r\nretry-after: 7\r\ncontent-length: 5\r\n\r\n`;
    await using proxy = await startForwardProxy({ to: 1, answer: (socket) => socket.write(`${head}sorry`) });
    await using it = subject(API, 4, { ca, proxy: withUser(proxy.url) });
    const error = await failureOf(it.get());
    expect(error).toMatchObject({ kind, retryable, retryAfterMs: undefined });
    const prefix = `Cannot read ${ASKED} from api.test.invalid through the proxy ${proxy.host}: `;
    expect(error.message).toContain(prefix + text);
    const shown = inspect(error, { depth: 12, showHidden: true });
    expect(shown).not.toContain(PASSWORD);
    expect(shown).not.toContain(Buffer.from(`user:${PASSWORD}`).toString("base64"));
    expect(it.observed).toMatchObject([{ code: 0 }]);
  });

  test("the proxy itself refuses another password, and takes the next request anew", async () => {
    await using server = await startTlsServer(certificates.good);
    await using proxy = await startForwardProxy({ to: server.port, credential: `user:${PASSWORD}` });
    await using it = subject(API, 1, { ca, proxy: withUser(proxy.url, "wrong") });
    for (let count = 0; count < 3; count += 1) {
      expect((await failureOf(it.get())).message).toContain("the proxy answered HTTP 407");
    }
    expect(proxy.tunnels).toHaveLength(3);
    expect(server.requests).toEqual([]);
  });

  test.each([
    ["a proxy that is gone", undefined, /at the proxy, the connection was refused \(ECONNREFUSED\)$/],
    [
      "one that hangs up",
      (socket: Socket) => socket.destroy(),
      /at the proxy, the connection was closed before/,
    ],
  ])("%s", async (_name, answer, message) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => answer?.(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (answer === undefined) {
      server.close();
      await once(server, "close");
    }
    await using it = subject(API, 4, { ca, proxy: withUser(url) });
    const error = await failureOf(it.get());
    server.close();
    expect(error).toMatchObject({ kind: "network", retryable: true });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`through the proxy ${new URL(url).host}`);
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(PASSWORD);
  });

  test("one whose certificate nobody knows", async () => {
    await using proxy = await startForwardProxy({ to: 1, identity: certificates.good });
    await using it = subject(API, 4, { proxy });
    const error = await failureOf(it.get());
    expect(error).toMatchObject({ kind: "tls", retryable: false });
    expect(error.message).toContain("at the proxy, the certificate is not signed by a known authority");
  });

  test("one whose certificate is for another name", async () => {
    await using proxy = await startForwardProxy({ to: 1, identity: certificates.wrongName });
    await using it = subject(API, 4, { ca, proxy });
    const error = await failureOf(it.get());
    expect(error).toMatchObject({ kind: "tls", retryable: false });
    expect(error.message).toContain("at the proxy, the certificate is for another host name");
  });
});

test.each([
  ["expired" as const, "the certificate has expired; check the clock of this machine too"],
  ["wrongName" as const, "the certificate is for another host name"],
])("an API's certificate that is %s is called so through a proxy too", async (which, text) => {
  await using server = await startTlsServer(certificates[which]);
  await using proxy = await startForwardProxy({ to: server.port });
  await using it = subject(API, 4, { ca, proxy });
  const error = await failureOf(it.get());
  expect(error).toMatchObject({ kind: "tls", retryable: false });
  expect(error.message).toContain(`from api.test.invalid through the proxy ${proxy.host}: ${text}`);
  expect(server.requests).toEqual([]);
  await vi.waitUntil(() => proxy.open() === 0);
});

test("a request that waits for its tunnel is let go when the signal aborts, and never sent", async () => {
  const waiting: Socket[] = [];
  await using proxy = await startForwardProxy({ to: 1, answer: (socket) => waiting.push(socket as Socket) });
  await using it = subject("http://api.test.invalid", 1, { proxy });
  const controller = new AbortController();
  const reason = new Error("deadline");
  const first = reasonOf(it.get(controller.signal));
  await vi.waitUntil(() => waiting.length === 1);
  controller.abort(reason);
  expect(await first).toBe(reason);
  const second = it.get();
  const heads: string[] = [];
  for (let count = 1; count <= 2; count += 1) {
    await vi.waitUntil(() => waiting.length === count);
    const socket = waiting[count - 1];
    socket?.on("data", (head) => {
      heads.push(String(head));
      socket.write(HEALTHY);
    });
    socket?.write("HTTP/1.1 200 Connection established\r\n\r\n");
  }
  expect(await second).toMatchObject({ word: "Healthy" });
  expect(heads).toHaveLength(1);
});

test("createProxyConnector() gives up a proxy that does not answer CONNECT", async () => {
  await using proxy = await startForwardProxy({ to: 1, answer: () => undefined });
  await using connector = createProxyConnector(parseProxyUrl(proxy.url), {}, 50, { connections: 1 });
  const target = { protocol: "https:", hostname: "api.test.invalid", port: "" };
  for (let count = 1; count <= 2; count += 1) {
    const { promise, resolve } = Promise.withResolvers<Error | null>();
    connector.connect(target, (...[error]) => resolve(error));
    expect(await promise).toMatchObject({ status: undefined, cause: { code: "UND_ERR_HEADERS_TIMEOUT" } });
  }
  expect(proxy.tunnels).toHaveLength(2);
});
