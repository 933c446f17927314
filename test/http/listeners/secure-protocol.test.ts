import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { connect, type ConnectionOptions } from "node:tls";
import type { JsonGeneralNames } from "@peculiar/x509";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scrapeOf } from "../../helpers/scrape-body.ts";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import type { HttpPorts } from "../../../src/http/http-ports.ts";
import { type Certificates, createCertificates } from "../../helpers/certificates.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { ask, askHttp2 } from "../../helpers/tls-question.ts";
import { startWebSubject, type WebSubject } from "../../helpers/web-subject.ts";

let files: Certificates;

const NAMES: Readonly<Record<string, JsonGeneralNames>> = {
  dns: [
    { type: "dns", value: "other.example" },
    { type: "dns", value: "prometheus.example" },
  ],
  ip: [{ type: "ip", value: "10.0.0.1" }],
  ip6: [{ type: "ip", value: "2001:db8::1" }],
  uri: [{ type: "url", value: "spiffe://example/prometheus" }],
  email: [{ type: "email", value: "scraper@example.com" }],
};

beforeAll(async () => {
  files = await createCertificates();
  await files.selfSigned("server", { names: [{ type: "dns", value: "localhost" }] });
  await files.selfSigned("rsa", { algorithm: "rsa" });
  await files.selfSigned("ca");
  await files.selfSigned("stranger", { names: NAMES["dns"] ?? [] });
  await files.signed("client", "ca", { usage: "clientAuth" });
  await files.signed("not-a-client", "ca", { usage: "serverAuth" });
  for (const [name, names] of Object.entries(NAMES))
    await files.signed(name, "ca", { names, usage: "clientAuth" });
});
afterAll(() => files[Symbol.asyncDispose]());

let configs = 0;

/** A server with these fields in `tls_server_config`. */
async function serve(
  tls: object = {},
  others: object = {},
  clock: Clock = systemClock,
  ports: Partial<HttpPorts> = {},
): Promise<WebSubject & { readonly file: string }> {
  configs += 1;
  const file = files.pathOf(`web-${configs}.yml`);
  const pair = { cert_file: "server.crt", key_file: "server.key" };
  await writeFile(file, JSON.stringify({ tls_server_config: { ...pair, ...tls }, ...others }));
  return { ...(await startWebSubject({ configFile: file }, ports, { clock })), file };
}

function pair(name: string): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: readFileSync(files.pathOf(`${name}.crt`)), key: readFileSync(files.pathOf(`${name}.key`)) };
}

describe("versions", () => {
  test.each([
    [{}, "TLSv1.3", "TLSv1.3"],
    [{}, "TLSv1.2", "TLSv1.2"],
    [{}, "TLSv1.1", "closed"],
    [{ min_version: "TLS13" }, "TLSv1.2", "closed"],
    [{ min_version: "TLS13" }, "TLSv1.3", "TLSv1.3"],
    [{ max_version: "TLS12" }, "TLSv1.3", "TLSv1.2"],
  ] as const)("%j serves a client of at most %s with %s", async (tls, maxVersion, expected) => {
    await using server = await serve(tls);
    const answer = await ask(server.port, { minVersion: "TLSv1", maxVersion, ciphers: "DEFAULT@SECLEVEL=0" });
    expect(answer === "closed" ? answer : answer.protocol).toBe(expected);
  });
});

describe("ciphers and curves", () => {
  const suites = ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"];

  test.each([
    ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"],
    ["ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"],
    ["ECDHE-ECDSA-CHACHA20-POLY1305", "closed"],
  ])("a TLS 1.2 client that offers %s gets %s", async (ciphers, expected) => {
    await using server = await serve({ cipher_suites: suites });
    const answer = await ask(server.port, { ciphers, maxVersion: "TLSv1.2" });
    expect(answer === "closed" ? answer : answer.cipher).toBe(expected);
  });

  test("prefer_server_cipher_suites: false lets the client choose", async () => {
    await using server = await serve({ cipher_suites: suites, prefer_server_cipher_suites: false });
    const ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384";
    expect(await ask(server.port, { ciphers, maxVersion: "TLSv1.2" })).toMatchObject({
      cipher: "ECDHE-ECDSA-AES128-GCM-SHA256",
    });
  });

  test("suites of TLS 1.2 leave TLS 1.3 as it is, and those of TLS 1.3 alone leave no TLS 1.2", async () => {
    await using some = await serve({ cipher_suites: suites });
    expect(await ask(some.port)).toMatchObject({ protocol: "TLSv1.3" });
    await using none = await serve({ cipher_suites: ["TLS_AES_128_GCM_SHA256"], min_version: "TLS13" });
    expect(await ask(none.port, { maxVersion: "TLSv1.2" })).toBe("closed");
  });

  test("an RSA certificate is served with the suites of RSA", async () => {
    await using server = await serve({ cert_file: "rsa.crt", key_file: "rsa.key" });
    expect(await ask(server.port, { maxVersion: "TLSv1.2" })).toMatchObject({
      cipher: "ECDHE-RSA-AES128-GCM-SHA256",
    });
  });

  test.each([
    ["rsa", "P-384", "secp384r1"],
    ["rsa", "X25519:P-384", "secp384r1"],
    ["rsa", "X25519", "closed"],
    // The certificate's own curve need not be among those of the key exchange.
    ["server", "P-256:P-384", "secp384r1"],
  ])(
    "with CurveP384 alone and the certificate %s a client of %s gets %s",
    async (name, ecdhCurve, expected) => {
      const files = { cert_file: `${name}.crt`, key_file: `${name}.key` };
      await using server = await serve({ ...files, curve_preferences: ["CurveP384"] });
      const answer = await ask(server.port, { ecdhCurve, maxVersion: "TLSv1.2" });
      expect(answer === "closed" ? answer : answer.curve).toBe(expected);
    },
  );
});

describe("client certificates", () => {
  const ca = { client_ca_file: "ca.crt" };

  test.each([
    [{ client_auth_type: "NoClientCert" }, [200, 200, 200, 200]],
    [{ client_auth_type: "RequestClientCert" }, [200, 200, 200, 200]],
    [{ client_auth_type: "RequireAnyClientCert" }, ["closed", 200, 200, 200]],
    [{ client_auth_type: "RequireClientCert" }, ["closed", 200, 200, 200]],
    [{ client_auth_type: "VerifyClientCertIfGiven", ...ca }, [200, "closed", "closed", 200]],
    [{ client_auth_type: "RequireAndVerifyClientCert", ...ca }, ["closed", "closed", "closed", 200]],
  ])("%j: without, self-signed, for servers, right", async (tls, expected) => {
    await using server = await serve(tls);
    const clients = [{}, pair("stranger"), pair("not-a-client"), pair("client")];
    const overHttp1 = await Promise.all(
      clients.map(async (client) => {
        const answer = await ask(server.port, client);
        return answer === "closed" ? answer : answer.status;
      }),
    );
    expect(overHttp1).toEqual(expected);
    expect(await Promise.all(clients.map((client) => askHttp2(server.port, client)))).toEqual(expected);
  });

  test.each([
    ["prometheus.example", "dns", 200],
    ["10.0.0.1", "ip", 200],
    ["2001:db8::1", "ip6", 200],
    ["2001:DB8:0::1", "ip6", 200],
    ["spiffe://example/prometheus", "uri", 200],
    ["scraper@example.com", "email", 200],
    ["example", "dns", "closed"],
    ["prometheus.example.", "dns", "closed"],
    ["10.0.0.1", "dns", "closed"],
    ["client", "client", "closed"],
    ["prometheus.example", "stranger", "closed"],
  ])("client_allowed_sans [%s]: a client with %s gets %s", async (name, client, expected) => {
    const tls = { client_auth_type: "RequireAndVerifyClientCert", ...ca, client_allowed_sans: ["x", name] };
    await using server = await serve(tls);
    const answer = await ask(server.port, pair(client));
    expect(answer === "closed" ? answer : answer.status).toBe(expected);
    expect(await askHttp2(server.port, pair(client))).toBe(expected);
  });

  test("names are asked of a certificate that nobody verified, too", async () => {
    await using server = await serve({
      client_auth_type: "RequireAnyClientCert",
      client_allowed_sans: ["prometheus.example"],
    });
    expect(await ask(server.port, pair("stranger"))).toMatchObject({ status: 200 });
    expect(await ask(server.port, pair("client"))).toBe("closed");
    expect(await ask(server.port)).toBe("closed");
  });

  test("the server's own certificate opens the health check and nothing else", async () => {
    await using server = await serve({ client_auth_type: "RequireAndVerifyClientCert", ...ca });
    const own = pair("server");
    expect(await ask(server.port, { ...own, path: "/-/healthy" })).toMatchObject({ status: 200 });
    for (const path of ["/metrics", "/", "/-/ready", "/-/healthy/../metrics", "/-/healthy?x"])
      expect(await ask(server.port, { ...own, path })).toMatchObject({ status: 403 });
  });

  test("a client that shares the server's certificate, and may come in by it, may see everything", async () => {
    await using server = await serve({
      client_auth_type: "RequireAndVerifyClientCert",
      client_ca_file: "server.crt",
      client_allowed_sans: ["localhost"],
    });
    expect(await ask(server.port, pair("server"))).toMatchObject({ status: 200 });
  });

  test("a client that resumes its session is decided about again", async () => {
    const clock = new FakeClock();
    await using server = await serve({ client_auth_type: "RequireAnyClientCert" }, {}, clock);
    const options = { host: "127.0.0.1", port: server.port, rejectUnauthorized: false, ...pair("client") };
    const session = await exchange(options);
    const again = await exchange({ ...options, session: session.session });
    expect([session.isServed, again.isServed]).toEqual([true, true]);
    const policy = {
      cert_file: "server.crt",
      key_file: "server.key",
      client_auth_type: "RequireAnyClientCert",
      client_allowed_sans: ["x"],
    };
    await writeFile(server.file, JSON.stringify({ tls_server_config: policy }));
    await clock.advance(1000);
    expect((await exchange({ ...options, session: again.session })).isServed).toBe(false);
  });
});

/** One request on a raw TLS connection; the session is the last that the server gave. */
async function exchange(options: ConnectionOptions): Promise<{ isServed: boolean; session: Buffer }> {
  let session: Buffer = Buffer.alloc(0);
  let received = "";
  await new Promise<void>((resolve) => {
    const socket = connect(options as ConnectionOptions & { port: number }, () =>
      socket.write("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
    );
    socket.on("session", (each) => {
      session = each;
    });
    socket.on("data", (chunk) => {
      received += chunk.toString();
    });
    socket.on("error", () => undefined).on("close", () => resolve());
  });
  return { isServed: received.startsWith("HTTP/1.1 200"), session };
}

describe("HTTP/2", () => {
  test("is offered, and HTTP/1.1 beside it", async () => {
    await using server = await serve();
    expect(await askHttp2(server.port)).toBe(200);
    expect(await ask(server.port)).toMatchObject({ status: 200 });
    expect(await ask(server.port, { ALPNProtocols: [] })).toMatchObject({ status: 200 });
  });

  test("has the same limit of headers", async () => {
    await using server = await serve();
    const headers = { "x-large": "a".repeat(17_000) };
    expect(await askHttp2(server.port, { headers })).toBe(431);
    expect(await ask(server.port, { headers })).toMatchObject({ status: 431 });
    expect(await askHttp2(server.port)).toBe(200);
  });

  test("cuts a slow reader, too", async () => {
    const clock = new FakeClock();
    await using server = await serve({}, {}, clock, {
      scrape: scrapeOf("metric 1\n".repeat(1_000_000)),
    });
    const session = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false });
    const stream = session.request({ ":path": "/metrics" });
    const outcome = once(stream, "close").then(
      () => "the end",
      (error: Error) => error.message,
    );
    await once(stream, "response");
    await clock.whenSleeping(1);
    await clock.advance(30_000);
    stream.resume();
    expect(await outcome).toBe("Stream closed with error code NGHTTP2_INTERNAL_ERROR");
    session.destroy();
  });

  test("is not offered when http2 is false", async () => {
    await using server = await serve({}, { http_server_config: { http2: false } });
    expect(await askHttp2(server.port)).toBe("closed");
    expect(await ask(server.port)).toMatchObject({ status: 200 });
    expect(await ask(server.port, { ALPNProtocols: [] })).toMatchObject({ status: 200 });
  });
});

test("a policy that changes holds for the next handshake", async () => {
  const clock = new FakeClock();
  await using server = await serve({}, {}, clock);
  expect(await ask(server.port)).toMatchObject({ status: 200 });
  const policy = { client_auth_type: "RequireAndVerifyClientCert", client_ca_file: "ca.crt" };
  const pairFiles = { cert_file: "server.crt", key_file: "server.key" };
  await writeFile(server.file, JSON.stringify({ tls_server_config: { ...pairFiles, ...policy } }));
  await clock.advance(1000);
  expect(await ask(server.port)).toBe("closed");
  expect(await ask(server.port, pair("client"))).toMatchObject({ status: 200 });
});

test("the first handshake after a quiet time has the certificate of now", async () => {
  await files.selfSigned("before");
  await files.selfSigned("after");
  const clock = new FakeClock();
  await using server = await serve({ cert_file: "before.crt", key_file: "before.key" }, {}, clock);
  expect(await ask(server.port)).toMatchObject({ commonName: "before" });
  await rename(files.pathOf("after.key"), files.pathOf("before.key"));
  await rename(files.pathOf("after.crt"), files.pathOf("before.crt"));
  await clock.advance(3_600_000);
  expect(await ask(server.port)).toMatchObject({ commonName: "after" });
});

test("a certificate that is replaced under load is in the next handshakes, and no request fails", async () => {
  await files.selfSigned("old");
  await files.selfSigned("new");
  const clock = new FakeClock();
  await using server = await serve({ cert_file: "old.crt", key_file: "old.key" }, {}, clock);
  const done = new AbortController();
  const answers: (string | undefined)[] = [];
  const load = Array.from({ length: 4 }, async () => {
    while (!done.signal.aborted) {
      const answer = await ask(server.port);
      answers.push(answer === "closed" || answer.status !== 200 ? "failed" : answer.commonName);
    }
  });
  await expect.poll(() => answers.length, { timeout: 10_000 }).toBeGreaterThan(20);
  expect(new Set(answers)).toEqual(new Set(["old"]));
  await rename(files.pathOf("new.key"), files.pathOf("old.key"));
  await rename(files.pathOf("new.crt"), files.pathOf("old.crt"));
  await clock.advance(1000);
  await expect.poll(() => answers.at(-1), { timeout: 10_000 }).toBe("new");
  const before = answers.length;
  await expect.poll(() => answers.length, { timeout: 10_000 }).toBeGreaterThan(before + 20);
  done.abort();
  await Promise.all(load);
  expect(new Set(answers)).toEqual(new Set(["old", "new"]));
  expect(answers.slice(answers.indexOf("new") + 4)).not.toContain("old");
});
