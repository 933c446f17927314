import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { simulate } from "../../src/cli/simulate.ts";
import { status } from "../../src/cli/status.ts";
import { contextOf, runWith, startCommand } from "../helpers/command-context.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { until, untilTrue } from "../helpers/until.ts";

const EAST = "023e105f4ecef8ad9ca31a8372d0c353";
const WEST = "0123456789abcdef0123456789abcdef";
const TOKEN = "cfut_CANARYCANARYCANARYCANARYCANARYCANARY";
const KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234";
const MINE = `
api: { base_url: "\${API:-https://api.cloudflare.com/client/v4}", proxy_url: "\${PROXY:-}" }
accounts:
  - name: east
    account_id: ${EAST}
    api_token_file: token
    interconnects: [icon-ewr-01-down, { name: icon-ewr-02-error-503, expected_state: Pending }, icon-ewr-03]
  - name: west
    account_id: ${WEST}
    api_email: Who@example.com
    api_key: ${KEY}
    discovery: { include: ["icon-*"] }
groups: [{ name: pair, members: [east/icon-ewr-01-down, west/icon-lhr-01] }]
`;

/** The command's address, once it serves. */
function urlOf(printed: () => string): Promise<string> {
  return until("the address", () => /at (?<url>http:\S+)/.exec(printed())?.groups?.["url"]);
}

async function mine(): Promise<string> {
  const folder = await createTempFolder({ "mine.yaml": MINE, token: `${TOKEN}\n` });
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return `--config.file=${join(folder.path, "mine.yaml")}`;
}

test("simulate() prints where it is, serves there, and ends with 0", async () => {
  const it = startCommand(simulate, ["--web.listen-address=127.0.0.1:0"]);
  const url = await urlOf(it.printed);
  expect((await fetch(`${url}/user/tokens/verify`, { headers: { authorization: "Bearer x" } })).status).toBe(
    401,
  );
  expect(it.printed()).toContain("    - icon-fra-02-outage-no-light\n");
  expect(await it.stop()).toBe(0);
});

describe("simulate() with a configuration", () => {
  test("is polled by the same configuration with another base_url, whole and as expected, and shows no credential", async () => {
    const file = await mine();
    const it = startCommand(simulate, [file, "--web.listen-address=127.0.0.1:0"]);
    const url = await urlOf(it.printed);
    const { printed, errors } = await runWith(status, { args: [file, "--output=json"], env: { API: url } });
    expect(errors).toBe("");
    const { interconnects } = JSON.parse(printed);
    const seen = interconnects.map((one: Record<string, string>) =>
      [one["account"], one["interconnect"], one["state"]].join(" "),
    );
    expect(seen.toSorted()).toEqual([
      "east icon-ewr-01-down Healthy",
      "east icon-ewr-02-error-503 Pending",
      "east icon-ewr-03 Healthy",
      "west icon-lhr-01 Healthy",
    ]);
    for (const shown of [`base_url: ${url}\n`, "- icon-lhr-01   # group pair\n", "# expected Pending"])
      expect(it.printed()).toContain(shown);
    expect(it.printed() + it.errors()).not.toMatch(/CANARY|0a1b2c3d|who@|proxy_url/i);
    await it.stop();
  });

  test("tells the story from the first status that is asked for on", async () => {
    const stop = new AbortController();
    const args = [await mine(), "--web.listen-address=127.0.0.1:0", "--story=outage", "--story=refused:west"];
    const { context, printed } = contextOf({ command: "simulate", args, stop: stop.signal });
    let aheadMs = 0;
    const now = (): ReturnType<typeof context.clock.now> => {
      const { unixMs, monoMs } = context.clock.now();
      return { unixMs: unixMs + aheadMs, monoMs };
    };
    const ended = simulate({ ...context, clock: { ...context.clock, now } });
    const url = await urlOf(printed);
    const ask = async (path: string, headers: Record<string, string>) =>
      await fetch(`${url}/accounts/${path}`, { headers });
    const east = async (name: string) =>
      await (
        await ask(`${EAST}/cni/interconnects/${name}/status`, { authorization: `Bearer ${TOKEN}` })
      ).json();
    const west = async () =>
      (await ask(`${WEST}/cni/interconnects`, { "x-auth-email": "Who@example.com", "x-auth-key": KEY }))
        .status;
    aheadMs = 600_000;
    // A list begins nothing: the exporter reads it before it polls.
    expect(await west()).toBe(200);
    expect(await east("icon-ewr-03")).toEqual({ state: "Healthy" });
    expect(printed()).toMatch(
      /UTC: Down, no light: east\/icon-ewr-03\n.*UTC: its credential refused \(403\): west\n/,
    );
    aheadMs += 90_000;
    expect(await east("icon-ewr-03")).toEqual({ state: "Down", reason: "no light detected" });
    expect(await east("icon-ewr-01-down")).toEqual({ state: "Healthy" });
    expect(await west()).toBe(403);
    aheadMs += 300_000;
    expect(await east("icon-ewr-03")).toEqual({ state: "Healthy" });
    stop.abort();
    expect(await ended).toBe(0);
  });

  test("says that a proxy has to be left out, without the proxy", async () => {
    const { context, printed } = contextOf({
      command: "simulate",
      args: [await mine(), "--web.listen-address=127.0.0.1:0"],
      env: { PROXY: "http://user:CANARY@proxy.example.com:3128" },
      stop: AbortSignal.timeout(300),
    });
    expect(await simulate(context)).toBe(0);
    expect(printed()).toContain('    proxy_url: ""   # ');
    expect(printed()).not.toMatch(/CANARY|proxy\.example/);
  });

  test("ends with 1 and the problems of one that cannot be used", async () => {
    await using folder = await createTempFolder({ "bad.yaml": "polls: {}\n" });
    const { code, printed, errors } = await runWith(simulate, {
      args: [`--config.file=${join(folder.path, "bad.yaml")}`],
    });
    expect([code, printed]).toEqual([1, ""]);
    expect(errors).toContain('unknown key "polls", did you mean "poll"?');
  });
});

test("simulate() tells a story of the demo's account too", async () => {
  const it = startCommand(simulate, [
    "--web.listen-address=127.0.0.1:0",
    "--story=brownout:simulated/icon-ewr-01",
  ]);
  await untilTrue("the story", () =>
    it.printed().includes("story brownout: Unhealthy, low light: simulated/icon-ewr-01\n"),
  );
  expect(await it.stop()).toBe(0);
});

test.each(["0.0.0.0:0", "192.0.2.1:80", "[::]:0", "example.com:80"])(
  "simulate() refuses to serve on %s, where credentials would be sent in the clear",
  async (address) => {
    await expect(runWith(simulate, { args: [`--web.listen-address=${address}`] })).rejects.toThrow(
      "simulate serves on loopback alone",
    );
  },
);
