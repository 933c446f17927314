import { request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { FakeClock } from "../helpers/fake-clock.ts";

const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
const TOKEN = "simulated-token";
const NAMES = [
  "down-no-light-enveloped",
  "error-400-6003",
  "error-401",
  "error-403",
  "error-403-html",
  "error-403-ip",
  "error-404",
  "error-404-7003",
  "error-404-text",
  "error-429",
  "error-429-10000-bare",
  "error-429-date",
  "error-500-empty",
  "error-503",
  "error-503-html",
  "error-520",
  "404-once",
  "array",
  "cut",
  "empty",
  "extra",
  "hang",
  "hang-body",
  "html",
  "huge",
  "no-state",
  "redirect",
  "refused-down-no-light",
  "reset",
  "slow-2000",
  "slow-body-3000",
  "truncated",
];

const clock = new FakeClock();
let simulator: Simulator;

beforeAll(async () => {
  const account = { accountId: ACCOUNT, credentials: [TOKEN], interconnects: NAMES };
  simulator = await startSimulator({ accounts: [account], clock, redirectTo: "http://elsewhere.example/x" });
});
afterAll(async () => {
  await simulator[Symbol.asyncDispose]();
});

function ask(name: string, signal?: AbortSignal): ReturnType<typeof request> {
  return request(`${simulator.baseUrl}/accounts/${ACCOUNT}/cni/interconnects/${name}/status`, {
    headers: { authorization: `Bearer ${TOKEN}` },
    signal: signal ?? null,
  });
}

async function retryAfterOf(name: string): Promise<unknown> {
  const { headers, body } = await ask(name);
  await body.dump();
  return headers["retry-after"];
}

async function statusOf(name: string): Promise<number> {
  const { statusCode, body } = await ask(name);
  await body.dump();
  return statusCode;
}

async function errorOf(
  name: string,
): Promise<{ status: number; code: unknown; message: unknown; chain: unknown }> {
  const { statusCode, body } = await ask(name);
  const { success, errors } = (await body.json()) as { success: unknown; errors: Record<string, unknown>[] };
  expect(success).toBe(false);
  const [error] = errors;
  return {
    status: statusCode,
    code: error?.["code"],
    message: error?.["message"],
    chain: error?.["error_chain"],
  };
}

test.each([
  ["error-400-6003", 400, 6003, "Invalid request headers"],
  ["error-401", 401, 1000, "Invalid API Token"],
  ["error-403", 403, 10_000, "Authentication error"],
  ["error-403-ip", 403, 9109, "Cannot use the access token from location: 192.0.2.10"],
  ["error-404", 404, 1000, "Interconnect not found"],
  ["error-429", 429, 971, "Please wait and consider throttling your request speed"],
  ["error-503", 503, 10_001, "Internal server error"],
  ["error-520", 520, 10_001, "Internal server error"],
])("%s answers %d with code %d", async (name, status, code, message) => {
  expect(await errorOf(name)).toMatchObject({ status, code, message });
});

test("error-400-6003 tells in the chain which header is malformed", async () => {
  const { chain } = await errorOf("error-400-6003");
  expect(chain).toEqual([{ code: 6111, message: "Invalid format for Authorization header" }]);
});

test("error-404-7003 answers the gateway's code", async () => {
  expect(await errorOf("error-404-7003")).toMatchObject({ status: 404, code: 7003 });
});

test.each([
  ["error-403-html", 403],
  ["error-503-html", 503],
  ["html", 200],
])("%s answers %d with an HTML page", async (name, status) => {
  const { statusCode, headers, body } = await ask(name);
  expect(statusCode).toBe(status);
  expect(headers["content-type"]).toContain("text/html");
  expect(await body.text()).toContain("<html>");
});

test.each([
  ["error-500-empty", 500],
  ["empty", 200],
])("%s answers %d with Content-Length 0", async (name, status) => {
  const { statusCode, headers, body } = await ask(name);
  expect(statusCode).toBe(status);
  expect(headers["content-length"]).toBe("0");
  expect(await body.text()).toBe("");
});

test("error-404-text answers in plain text", async () => {
  const { statusCode, headers, body } = await ask("error-404-text");
  expect(statusCode).toBe(404);
  expect(headers["content-type"]).toContain("text/plain");
  expect(await body.text()).toBe("error code: 404\n");
});

test("refused answers 200 and says that it failed, around the true answer", async () => {
  const { statusCode, body } = await ask("refused-down-no-light");
  expect(statusCode).toBe(200);
  expect(await body.json()).toMatchObject({ success: false, result: { state: "Down" } });
});

test("error-429 says when to come back in seconds, as a date, or not at all", async () => {
  expect(await retryAfterOf("error-429")).toBe("60");
  expect(await retryAfterOf("error-429-date")).toBe(new Date(clock.now().unixMs + 60_000).toUTCString());
  expect(await retryAfterOf("error-429-10000-bare")).toBeUndefined();
  const { headers, body } = await ask("error-429");
  await body.dump();
  expect(headers["date"]).toBe(new Date(clock.now().unixMs).toUTCString());
  expect(await errorOf("error-429-10000-bare")).toMatchObject({ status: 429, code: 10_000 });
});

test("truncated answers half a JSON text", async () => {
  const { statusCode, headers, body } = await ask("truncated");
  expect(statusCode).toBe(200);
  expect(headers["content-type"]).toContain("application/json");
  expect(await body.text()).toBe('{"state":"');
});

test("huge answers more than 2 MiB of valid JSON", async () => {
  const { body } = await ask("huge");
  const text = await body.text();
  expect(text.length).toBeGreaterThan(2 * 1024 * 1024);
  expect(JSON.parse(text)).toMatchObject({ state: "Healthy" });
});

test.each([
  ["array", [{ state: "Healthy" }]],
  ["no-state", { status: "Healthy" }],
  ["extra", { state: "Healthy", future_field: { nested: [1, null] } }],
  [
    "down-no-light-enveloped",
    { result: { state: "Down", reason: "no light detected" }, success: true, errors: [], messages: [] },
  ],
])("%s answers 200 in that shape", async (name, expected) => {
  const { statusCode, body } = await ask(name);
  expect(statusCode).toBe(200);
  expect(await body.json()).toEqual(expected);
});

test("redirect points to the other origin", async () => {
  const { statusCode, headers, body } = await ask("redirect");
  await body.dump();
  expect(statusCode).toBe(302);
  expect(headers["location"]).toBe("http://elsewhere.example/x");
});

test("404-once answers 404 to the first request alone, and to the first again after reset()", async () => {
  expect([await statusOf("404-once"), await statusOf("404-once"), await statusOf("404-once")]).toEqual([
    404, 200, 200,
  ]);
  simulator.reset();
  expect([await statusOf("404-once"), await statusOf("404-once")]).toEqual([404, 200]);
});

test("slow-2000 sends its headers after that time on the clock and not before", async () => {
  const answer = ask("slow-2000");
  await clock.whenSleeping(1);
  await clock.advance(1999);
  expect(simulator.requests.at(-1)).toMatchObject({ status: 0 });
  await clock.advance(1);
  const { body } = await answer;
  expect(await body.json()).toEqual({ state: "Healthy" });
});

test("slow-body-3000 sends its headers at once and the rest of the body after that time", async () => {
  const { statusCode, body } = await ask("slow-body-3000");
  expect(statusCode).toBe(200);
  await clock.whenSleeping(1);
  await clock.advance(3000);
  expect(await body.json()).toEqual({ state: "Healthy" });
});

test("a client that leaves a slow answer leaves no timer behind", async () => {
  const leaving = new AbortController();
  const answer = ask("slow-2000", leaving.signal);
  await clock.whenSleeping(1);
  leaving.abort();
  await expect(answer).rejects.toThrow("aborted");
  await expect.poll(() => clock.sleeping).toBe(0);
});

test("hang sends no headers, and hang-body no second half, for as long as the client waits", async () => {
  const leaving = new AbortController();
  const answer = ask("hang", leaving.signal);
  await expect.poll(() => simulator.requests.at(-1)?.interconnect).toBe("hang");
  const { statusCode, body } = await ask("hang-body", leaving.signal);
  expect(statusCode).toBe(200);
  const text = body.text();
  await clock.advance(60_000);
  expect(simulator.requests.at(-2)).toMatchObject({ interconnect: "hang", status: 0 });
  leaving.abort();
  await expect(answer).rejects.toThrow("aborted");
  await expect(text).rejects.toThrow("aborted");
});

test("reset breaks the connection before the headers", async () => {
  await expect(ask("reset")).rejects.toMatchObject({
    code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
  });
});

test("cut closes the connection in the middle of the body", async () => {
  const { statusCode, body } = await ask("cut");
  expect(statusCode).toBe(200);
  await expect(body.text()).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });
});
