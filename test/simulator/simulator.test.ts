import { APIConnectionError, RateLimitError } from "cloudflare";
import { describe, expect, test } from "vitest";

import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import {
  account,
  ACCOUNT,
  at,
  clock,
  codesOf,
  failureOf,
  PAIR,
  sdk,
  start,
  TOKEN,
} from "../helpers/sdk-oracle.ts";

function statusUrl(simulator: Simulator, icon: string): string {
  return `${simulator.baseUrl}/accounts/${ACCOUNT}/cni/interconnects/${icon}/status`;
}

const bearer = { headers: { authorization: `Bearer ${TOKEN}` } };

async function rateHeadersSeen(rateHeaders: "static" | "truthful" | "none"): Promise<(string | null)[]> {
  await using simulator = await start({ rateHeaders });
  await fetch(statusUrl(simulator, "steady-01"), bearer);
  const { headers } = await fetch(statusUrl(simulator, "steady-01"), bearer);
  return [headers.get("ratelimit"), headers.get("ratelimit-policy")];
}

describe("headers", () => {
  test("cf-ray is on every answer, differs, and is in the log", async () => {
    await using simulator = await start();
    const urls = [
      statusUrl(simulator, "steady-01"),
      statusUrl(simulator, "nobody"),
      `${simulator.baseUrl}/%zz`,
    ];
    const rays: (string | null)[] = [];
    for (const url of urls) rays.push((await fetch(url, bearer)).headers.get("cf-ray"));
    for (const ray of rays) expect(ray).toMatch(/^[0-9a-f]{16}-[A-Z]{3}$/);
    expect(new Set(rays).size).toBe(3);
    expect(simulator.requests.map(({ cfRay }) => cfRay)).toEqual(rays);
  });

  test("Ratelimit stands still, counts, or is absent", async () => {
    expect(await rateHeadersSeen("static")).toEqual(['"default";r=1199;t=1', '"default";q=1200;w=300']);
    expect(await rateHeadersSeen("truthful")).toEqual(['"default";r=1198;t=300', '"default";q=1200;w=300']);
    expect(await rateHeadersSeen("none")).toEqual([null, null]);
  });
});

test("an enforced rate limit blocks every path of that credential until the window has passed", async () => {
  await using simulator = await start({ rateLimit: { requests: 2, windowMs: 60_000 } });
  const client = sdk(simulator);
  const other = sdk(simulator, { apiEmail: PAIR.email, apiKey: PAIR.key });
  await client.networkInterconnects.interconnects.status("steady-01", at);
  await client.networkInterconnects.interconnects.list(at);
  const error = await failureOf(client.networkInterconnects.interconnects.status("steady-01", at));
  expect(error).toBeInstanceOf(RateLimitError);
  expect(error.headers?.get("retry-after")).toBe("60");
  await clock.advance(59_999);
  expect((await failureOf(client.user.tokens.verify())).status).toBe(429);
  await other.networkInterconnects.interconnects.list(at);
  await clock.advance(1);
  await client.networkInterconnects.interconnects.list(at);
});

async function nextsOf(name: string): Promise<unknown[]> {
  await using simulator = await start({ accounts: [{ ...account, interconnects: [name] }] });
  const { interconnects } = sdk(simulator).networkInterconnects;
  return [(await interconnects.list(at)).next, (await interconnects.list({ ...at, cursor: 1 })).next];
}

describe("list sentinels", () => {
  test("list-error-503 fails the list and not the status of the same name", async () => {
    await using simulator = await start({
      accounts: [{ ...account, interconnects: ["icon-list-error-503-once"] }],
    });
    const { interconnects } = sdk(simulator).networkInterconnects;
    expect((await failureOf(interconnects.list(at))).status).toBe(503);
    expect((await interconnects.list(at)).items).toHaveLength(1);
    expect(await interconnects.status("icon-list-error-503-once", at)).toEqual({ state: "Healthy" });
  });

  test("list-loop repeats its next, list-endless counts on for ever", async () => {
    expect(await nextsOf("icon-list-loop")).toEqual([1, 1]);
    expect(await nextsOf("icon-list-endless")).toEqual([1, 2]);
  });

  test("a malformed cursor is a bad request", async () => {
    await using simulator = await start();
    const url = `${simulator.baseUrl}/accounts/${ACCOUNT}/cni/interconnects?cursor=abc`;
    expect((await fetch(url, bearer)).status).toBe(400);
  });
});

describe("what a test can script", () => {
  test("setStatus() replaces the state, also of an interconnect that does not exist, until reset()", async () => {
    await using simulator = await start();
    const { interconnects } = sdk(simulator).networkInterconnects;
    simulator.setStatus("steady-01", { state: "Down", reason: "scripted" });
    simulator.setStatus("new-01", { state: "Pending" });
    expect(await interconnects.status("steady-01", at)).toEqual({ state: "Down", reason: "scripted" });
    expect(await interconnects.status("new-01", at)).toEqual({ state: "Pending" });
    simulator.reset();
    expect(await interconnects.status("steady-01", at)).toEqual({ state: "Healthy" });
  });

  test("override() answers for its scope alone, the newest first, and may pass a request on", async () => {
    await using simulator = await start();
    simulator.override({ operation: "list" }, () => ({ status: 502, body: "<html>bad gateway</html>" }));
    let left = 1;
    simulator.override({ operation: "list" }, () => {
      left -= 1;
      return left < 0 ? undefined : { body: { items: [] } };
    });
    const url = `${simulator.baseUrl}/accounts/${ACCOUNT}/cni/interconnects`;
    expect(await (await fetch(url, bearer)).json()).toEqual({ items: [] });
    expect((await fetch(url, bearer)).status).toBe(502);
    expect((await fetch(statusUrl(simulator, "steady-01"), bearer)).status).toBe(200);
  });

  test("setInterconnects() adds and removes", async () => {
    await using simulator = await start();
    simulator.setInterconnects(ACCOUNT, ["icon-fra-09"]);
    const { interconnects } = sdk(simulator).networkInterconnects;
    expect((await interconnects.list(at)).items.map(({ name }) => name)).toEqual(["icon-fra-09"]);
    expect((await failureOf(interconnects.status("steady-01", at))).status).toBe(404);
    expect(() => simulator.setInterconnects("nobody", [])).toThrow(
      'Expected the id of a simulated account, got "nobody"',
    );
  });
});

describe("the request log", () => {
  test("holds every request with its outcome", async () => {
    await using simulator = await start();
    const { interconnects } = sdk(simulator).networkInterconnects;
    await interconnects.status("steady-01", at);
    await failureOf(interconnects.list({ account_id: "not-an-id" }));
    expect(simulator.requests).toMatchObject([
      {
        operation: "status",
        method: "GET",
        account: ACCOUNT,
        interconnect: "steady-01",
        status: 200,
        violation: false,
      },
      { operation: "list", account: "not-an-id", interconnect: "", status: 404, atMs: clock.now().unixMs },
    ]);
    simulator.clearRequests();
    expect(simulator.requests).toEqual([]);
  });

  test("marks a letter of authorization and any write as violations", async () => {
    await using simulator = await start();
    const { interconnects } = sdk(simulator).networkInterconnects;
    expect((await failureOf(interconnects.loa("steady-01", at))).status).toBe(404);
    expect((await failureOf(interconnects.delete("steady-01", at))).status).toBe(405);
    const body = new Blob(["x"], { type: "text/plain" });
    expect((await fetch(statusUrl(simulator, "steady-01"), { ...bearer, method: "POST", body })).status).toBe(
      405,
    );
    expect(simulator.requests.map(({ violation }) => violation)).toEqual([true, true, true]);
  });

  test("knows how many requests were under way at once", async () => {
    await using simulator = await start({ latencyMs: 500 });
    const { interconnects } = sdk(simulator).networkInterconnects;
    const answers = ["steady-01", "pending-01", "steady-01"].map((icon) => interconnects.status(icon, at));
    await clock.whenSleeping(3);
    await clock.advance(500);
    await Promise.all(answers);
    expect(simulator.maxInFlight).toBe(3);
    simulator.clearRequests();
    const alone = interconnects.status("steady-01", at);
    await clock.whenSleeping(1);
    await clock.advance(500);
    await alone;
    expect(simulator.maxInFlight).toBe(1);
  });

  test("decodes names and routes what it does not know to 7003", async () => {
    await using simulator = await start({ accounts: [{ ...account, interconnects: ["icon/with slash"] }] });
    const client = sdk(simulator);
    expect(await client.networkInterconnects.interconnects.status("icon/with slash", at)).toEqual({
      state: "Healthy",
    });
    expect(simulator.requests.at(-1)?.interconnect).toBe("icon/with slash");
    expect(codesOf(await failureOf(client.networkInterconnects.slots.get("x", at)))).toEqual([7003]);
  });
});

test("disposing does not wait for hanging and slow answers", async () => {
  const own = { ...account, interconnects: ["hang", "slow-60000"] };
  const simulator = await startSimulator({ accounts: [own], clock });
  const pending = own.interconnects.map(async (icon) =>
    failureOf(sdk(simulator).networkInterconnects.interconnects.status(icon, at)),
  );
  await clock.whenSleeping(1);
  await expect.poll(() => simulator.requests.length).toBe(2);
  await simulator[Symbol.asyncDispose]();
  for (const error of await Promise.all(pending)) expect(error).toBeInstanceOf(APIConnectionError);
  expect(clock.sleeping).toBe(0);
});
