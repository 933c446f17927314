import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ApiError } from "../../src/domain/failure.ts";
import { failureOf, HEALTHY, subject } from "../helpers/client-subject.ts";
import { startRawServer } from "../helpers/raw-server.ts";
import { makeCertificates } from "../helpers/server-certificates.ts";
import { startTlsServer } from "../helpers/tls-server.ts";

const certificates = await makeCertificates();
/** undici's coarse timers, which a test may move on; each begins to count at the first move after it was set. */
const coarse: { tick(ms: number): void } = createRequire(import.meta.url)("undici/lib/util/timers.js");

describe("a client", () => {
  test("reaches a server of a private CA with that CA alone, by name and by address", async () => {
    await using server = await startTlsServer(certificates.good);
    for (const host of ["localhost", "127.0.0.1"]) {
      await using trusting = subject(`https://${host}:${server.port}`, 1, { ca: certificates.ca });
      expect(await trusting.get()).toMatchObject({ word: "Healthy" });
    }
    await using other = subject(`https://localhost:${server.port}`, 1, { ca: "" });
    const error = await failureOf(other.get());
    expect(error).toMatchObject({ kind: "tls", retryable: false });
    expect(error.message).toContain(
      `from localhost:${server.port}: the certificate is not signed by a known authority`,
    );
    expect(server.requests).toHaveLength(2);
    expect(new Set(server.offered)).toEqual(new Set(["http/1.1"]));
  });

  test("trusts further CAs in one file, and what stands between them", async () => {
    const second = await makeCertificates();
    await using server = await startTlsServer(second.good);
    const ca = `# the first\n${certificates.ca}\n# the second\n${second.ca}`;
    await using it = subject(`https://localhost:${server.port}`, 1, { ca });
    expect(await it.get()).toMatchObject({ word: "Healthy" });
  });

  test.each([
    ["expired" as const, "the certificate has expired; check the clock of this machine too"],
    ["wrongName" as const, "the certificate is for another host name"],
  ])("calls a certificate that is %s by its name, although its CA is trusted", async (which, text) => {
    await using server = await startTlsServer(certificates[which]);
    await using it = subject(`https://localhost:${server.port}`, 1, { ca: certificates.ca });
    const error = await failureOf(it.get());
    expect(error).toMatchObject({ kind: "tls", retryable: false });
    expect(error.message).toContain(`from localhost:${server.port}: ${text}`);
    expect(server.requests).toEqual([]);
  });

  test("reaches an IPv6 address", async () => {
    const server = createServer((_request, response) => response.end('{"state":"Healthy"}'));
    server.listen(0, "::1");
    await once(server, "listening");
    await using it = subject(`http://[::1]:${(server.address() as AddressInfo).port}/client/v4`);
    expect(await it.get()).toMatchObject({ word: "Healthy" });
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    expect((await failureOf(it.get())).message).toMatch(/from \[::1\]:\d+: the connection was refused/);
  });

  test("keeps a connection for polls that follow each other, and closes it after 20 s without one", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    await using server = await startRawServer((socket) => socket.write(HEALTHY));
    await using it = subject(server.url, 1);
    for (const idleMs of [19_000, 19_000, 2000]) {
      await it.get();
      await it.clock.settle();
      vi.advanceTimersByTime(idleMs);
      await it.clock.settle();
    }
    expect([server.accepted(), server.open()]).toEqual([1, 1]);
    vi.advanceTimersByTime(18_000);
    vi.useRealTimers();
    await vi.waitUntil(() => server.open() === 0);
  });

  test("gives up a connection that is not made in 4 s", async () => {
    await using server = await startRawServer(() => undefined);
    await using it = subject(server.url.replace("http:", "https:"), 1);
    const ended: ApiError[] = [];
    void failureOf(it.get()).then((error) => ended.push(error));
    await vi.waitUntil(() => server.accepted() === 1);
    coarse.tick(1000);
    coarse.tick(2000);
    await it.clock.settle();
    expect(ended).toEqual([]);
    coarse.tick(3000);
    await it.clock.settle();
    expect(ended).toMatchObject([{ kind: "timeout", retryable: true }]);
  });

  test.each([
    ["", "-----BEGIN RSA PRIVATE KEY-----", "expected PEM with at least one BEGIN CERTIFICATE"],
    [certificates.ca, certificates.ca.replaceAll("M", "N"), "number 2 is broken"],
  ])("refuses CA certificates that are none", (before, wrong, message) => {
    expect(() => subject("https://localhost", 1, { ca: before + wrong })).toThrow(
      `Cannot use the CA certificates: ${message}`,
    );
  });
});
