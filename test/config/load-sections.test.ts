import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { messages, PLAIN, text, valid } from "../helpers/parse-config.ts";

const folder = join(import.meta.dirname, "bad");
const certificate = readFileSync(join(folder, "good-certificate.pem"), "utf8").trim();
const TOKEN = "api_token: secret-token";

async function discovery(lines: readonly string[]) {
  return (await valid(text([TOKEN, ...lines]))).accounts[0]?.discovery;
}

async function ca(head: string): Promise<string | undefined> {
  return (await valid(text(PLAIN, head), {}, folder)).api.ca?.certificates;
}

async function proxy(url: string): Promise<Config> {
  return await valid(text(PLAIN, `api:\n  proxy_url: ${url}`), {
    PROXY: "http://u:p@proxy.example.com:3128",
  });
}

describe("parseConfig() discovery", () => {
  test("is on when no interconnects are listed, and off when some are", async () => {
    const expected = { enabled: true, intervalMs: 600_000, include: ["*"], exclude: [] };
    expect(await discovery([])).toEqual(expected);
    expect(await discovery(["interconnects: []"])).toEqual(expected);
    expect(await discovery(["interconnects:", "  # - icon-ewr-01"])).toEqual(expected);
    expect(await discovery(["discovery:", "interconnects:"])).toEqual(expected);
    expect(await discovery(["interconnects: [icon-ewr-01]"])).toEqual({ ...expected, enabled: false });
  });

  test("gives an account without interconnects none", async () => {
    expect((await valid(text([TOKEN]))).accounts[0]?.interconnects).toEqual([]);
  });

  test("takes what is written, beside listed interconnects too", async () => {
    const lines = ["interconnects: [a]", "discovery:", "  enabled: true", "  interval: 1h"];
    const globs = ["  include: [icon-*, 0100]", '  exclude: ["*-lab"]'];
    expect(await discovery([...lines, ...globs])).toEqual({
      enabled: true,
      intervalMs: 3_600_000,
      include: ["icon-*", "0100"],
      exclude: ["*-lab"],
    });
  });
});

describe("parseConfig() groups", () => {
  test("takes members that are listed, and any of an account with discovery", async () => {
    const listed = ["groups:", "  - name: 01", "    members: [production/icon-ewr-01]"];
    expect((await valid(`${text(PLAIN)}${listed.join("\n")}\n`)).groups).toEqual([
      { name: "01", members: ["production/icon-ewr-01"], minHealthy: 1 },
    ]);
    const found = 'groups: [{ name: a, members: [production/x/y, "production/ z"], min_healthy: 2 }]';
    expect((await valid(`${text([TOKEN])}${found}\n`)).groups).toEqual([
      { name: "a", members: ["production/x/y", "production/ z"], minHealthy: 2 },
    ]);
  });
});

describe("parseConfig() ca_file", () => {
  test("is read at once, relative to the config, and only its certificates are kept", async () => {
    expect(await ca("api: { ca_file: good-certificate.pem }")).toBe(certificate);
    expect(await ca("api: { ca_file: two-certificates-and-a-key.pem }")).toBe(
      `${certificate}\n${certificate}`,
    );
  });

  test.each(['api: { ca_file: "" }', "api:\n  ca_file:", "api:\n  ca_file: ${UNSET:-}"])(
    "is none when it reads %j",
    async (head) => {
      expect(await ca(head)).toBeUndefined();
    },
  );
});

describe("parseConfig() proxy_url", () => {
  test.each([
    ["http://proxy.example.com:3128", "http://proxy.example.com:3128/"],
    ["https://user:pass%40word@proxy.example.com/", "https://user:pass%40word@proxy.example.com/"],
    ["http://[::1]:3128", "http://[::1]:3128/"],
    ["${PROXY}", "http://u:p@proxy.example.com:3128/"],
    ['""', undefined],
    ["", undefined],
    ["${UNSET:-}", undefined],
  ])("takes %s", async (written, expected) => {
    expect((await proxy(written)).api.proxyUrl?.reveal()).toBe(expected);
  });

  test("is not shown when the config is printed", async () => {
    const config = await proxy("http://user:CANARY@proxy.example.com");
    expect(JSON.stringify(config)).not.toContain("CANARY");
    expect(inspect(config, { depth: 20 })).not.toContain("CANARY");
  });

  test("is not shown when it is wrong and came from the environment", async () => {
    const wrong = text(PLAIN, "api:\n  proxy_url: ${PROXY}");
    expect(await messages(wrong, { PROXY: "ftp://user:CANARY@proxy.example.com" })).toEqual([
      "config.yaml:2: api.proxy_url: expected the URL of an HTTP proxy such as http://proxy.example.com:3128",
    ]);
  });
});
