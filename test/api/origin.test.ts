import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { makeCertificates } from "../helpers/server-certificates.ts";
import { failureOf, subject } from "../helpers/client-subject.ts";
import { startTlsServer } from "../helpers/tls-server.ts";

const certificates = await makeCertificates();

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

  test.each([
    ["", "-----BEGIN RSA PRIVATE KEY-----", "expected PEM with at least one BEGIN CERTIFICATE"],
    [certificates.ca, certificates.ca.replaceAll("M", "N"), "number 2 is broken"],
  ])("refuses CA certificates that are none", (before, wrong, message) => {
    expect(() => subject("https://localhost", 1, { ca: before + wrong })).toThrow(
      `Cannot use the CA certificates: ${message}`,
    );
  });
});
