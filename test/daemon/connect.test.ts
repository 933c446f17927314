import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { Secret } from "../../src/base/secret.ts";
import { connector } from "../../src/daemon/connect.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { startForwardProxy } from "../helpers/forward-proxy.ts";
import { testAccount, testConfig } from "../helpers/generation-subject.ts";
import { BUILD } from "../helpers/real-subject.ts";

const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
const TOKEN = "cfut_token-of-the-connect-tests";
const REQUEST = {
  account: "production",
  accountId: ACCOUNT_ID,
  interconnect: "icon-000",
  authorization: { authorization: new Secret(`Bearer ${TOKEN}`) },
};
const NO_SIGNAL = new AbortController().signal;

async function startApi() {
  return startSimulator({
    accounts: [{ accountId: ACCOUNT_ID, credentials: [TOKEN], interconnects: ["icon-000"] }],
  });
}

/** What a client of this configuration and environment is told. */
async function ask(api: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) {
  const config = await testConfig({ api, accounts: [testAccount("production", 1)] });
  const codes: number[] = [];
  await using client = connector(BUILD.version, systemClock, env)(config, ({ code }) => codes.push(code));
  const { word } = await client.getStatus(REQUEST, NO_SIGNAL);
  return { word, codes };
}

describe("connector()", () => {
  test("asks the configured API directly, by its name and version, and tells of each request", async () => {
    await using api = await startApi();
    expect(await ask({ base_url: api.baseUrl })).toEqual({ word: "Healthy", codes: [200] });
    expect(api.requests[0]?.userAgent).toBe("cloudflare-interconnect-exporter/1.2.3");
  });

  test("goes through the proxy of the configuration, with its user and password, before that of the environment", async () => {
    await using api = await startApi();
    await using proxy = await startForwardProxy({ to: api.port, credential: "noc:p w" });
    const proxyUrl = proxy.url.replace("://", "://noc:p%20w@");
    const env = { HTTPS_PROXY: "http://127.0.0.1:1", HTTP_PROXY: "http://127.0.0.1:1" };
    expect(await ask({ base_url: api.baseUrl, proxy_url: proxyUrl }, env)).toMatchObject({ word: "Healthy" });
    expect(proxy.tunnels).toEqual([`127.0.0.1:${api.port}`]);
  });

  test("goes through the environment's proxy where the configuration names none", async () => {
    await using proxy = await startForwardProxy({
      to: 1,
      answer: (socket) => socket.end("HTTP/1.1 502 No\r\n\r\n"),
    });
    const asked = ask({ base_url: "https://api.example.com/client/v4" }, { HTTPS_PROXY: proxy.url });
    await expect(asked).rejects.toMatchObject({ kind: "network" });
    expect(proxy.tunnels).toEqual(["api.example.com:443"]);
  });
});
