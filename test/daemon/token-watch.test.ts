import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/domain/failure.ts";
import type { Requests } from "../../src/daemon/requests.ts";
import { watchToken } from "../../src/daemon/token-watch.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { startSubject, testAccount, testConfig } from "../helpers/generation-subject.ts";
import { createSinkLog } from "../helpers/sink-log.ts";
import { until, untilTrue } from "../helpers/until.ts";
import { startRealSubject } from "../helpers/real-subject.ts";

const DAY_MS = 86_400_000;
const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
const EXPIRY = "2031-02-03T04:05:06Z";

const unasked = (): never => {
  throw new Error("Expected only the token to be asked for");
};

/** A watch whose answers are scripted. */
function start(answers: readonly (number | undefined | Error)[]) {
  const clock = new FakeClock();
  const log = createSinkLog();
  const stop = new AbortController();
  const startMs = clock.now().monoMs;
  const askedAt: number[] = [];
  const told: (number | undefined)[] = [];
  const requests: Requests = {
    askStatus: unasked,
    list: unasked,
    async tokenExpiry() {
      askedAt.push(clock.now().monoMs - startMs);
      const answer = answers[askedAt.length - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const onExpiry = (unixMs: number | undefined): number => told.push(unixMs);
  const ended = watchToken(
    { account: "production", requests, firstDueMs: startMs, onExpiry, clock, log },
    stop.signal,
  );
  return {
    clock,
    log,
    askedAt,
    told,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

describe("watchToken()", () => {
  test("asks at once and then daily, and tells what it hears", async () => {
    await using it = start([5, undefined, 7]);
    await it.clock.advance(2 * DAY_MS);
    expect(it.askedAt).toEqual([0, DAY_MS, 2 * DAY_MS]);
    expect(it.told).toEqual([5, undefined, 7]);
    expect(it.log.lines).toEqual([]);
  });

  test.each(["unauthorized", "forbidden", "not_found", "client_error"] as const)(
    "waits for the next day where the API refuses to tell: %s",
    async (kind) => {
      await using it = start([new ApiError(kind, "no"), 7]);
      await it.clock.advance(DAY_MS);
      expect(it.askedAt).toEqual([0, DAY_MS]);
      expect(it.told).toEqual([7]);
    },
  );

  test("is quiet where the API refuses to tell, and keeps what it heard before", async () => {
    await using it = start([5, new ApiError("forbidden", "no"), 7]);
    await it.clock.advance(2 * DAY_MS);
    expect(it.told).toEqual([5, 7]);
    expect(it.log.lines).toEqual([
      {
        level: "debug",
        message: "Token expiry not known",
        fields: { account: "production", kind: "forbidden", error: "no" },
      },
    ]);
  });

  test("asks again within the hour after a failure that passes", async () => {
    await using it = start([new ApiError("network", "refused"), 7]);
    await it.clock.advance(3_600_000);
    expect(it.told).toEqual([7]);
  });

  test("outlives a bug, which is logged", async () => {
    await using it = start([new TypeError("a bug"), 7]);
    await it.clock.advance(DAY_MS);
    expect(it.told).toEqual([7]);
    expect(it.log.lines.map(({ level }) => level)).toEqual(["error"]);
  });
});

describe("the token's expiry", () => {
  test.each([
    ["a user's token", "cfut_token-of-a-user", "verify-user"],
    ["an account's token", "cfat_token-of-an-account", "verify-account"],
  ])("of %s is asked for where its kind is known, and is a metric", async (_name, token, operation) => {
    const account = { accountId: ACCOUNT_ID, credentials: [token], interconnects: ["icon-000"] };
    await using api = await startSimulator({ accounts: [{ ...account, tokenExpiresOn: EXPIRY }] });
    const config = await testConfig({
      api: { base_url: api.baseUrl },
      accounts: [testAccount("production", 1, token)],
    });
    await using it = startRealSubject(config);
    const name = "api_token_expiry_timestamp_seconds";
    const seconds = await until("the expiry", async () => (await it.metric(name)) || undefined);
    expect(seconds).toBe(Date.parse(EXPIRY) / 1000);
    expect(
      api.requests.filter((request) => request.operation.startsWith("verify")).map((each) => each.operation),
    ).toEqual([operation]);
  });

  test("that the API refuses to tell disturbs nobody: no row, no warning, and polls go on", async () => {
    const token = "cfut_token-of-a-user";
    await using api = await startSimulator({
      accounts: [
        { accountId: ACCOUNT_ID, credentials: [token], interconnects: ["icon-000"], tokenKind: "account" },
      ],
    });
    const config = await testConfig({
      poll: { interval: "1s" },
      api: { base_url: api.baseUrl },
      accounts: [testAccount("production", 1, token)],
    });
    await using it = startRealSubject(config);
    await untilTrue("a poll", () => it.store.read().state.entries.all[0]?.state === "Healthy");
    await untilTrue(
      "the refusal",
      async () => (await it.metric("api_requests_total", { code: "401" })) === 1,
    );
    expect(it.generation.readAccounts()[0]?.tokenExpiryMs).toBeUndefined();
    expect(it.log.lines.filter(({ level }) => level !== "debug")).toEqual([]);
  });

  test("of a global API key is not asked for: it has none", async () => {
    const { api_token: _none, ...account } = testAccount("production", 1);
    const config = await testConfig({
      accounts: [
        { ...account, api_email: "noc@example.com", api_key: "0123456789abcdef0123456789abcdef01234" },
      ],
    });
    await using it = startSubject(config);
    await it.clock.advance(2 * DAY_MS);
    expect(it.api.requests.filter(({ operation }) => operation === "verify")).toEqual([]);
  }, 60_000);

  test("is asked for in the budget, and again each day", async () => {
    await using it = startSubject(
      await testConfig({ poll: { interval: "1h" }, accounts: [testAccount("production", 1)] }),
    );
    await it.clock.advance(2 * DAY_MS + 1000);
    const verifies = it.api.requests.filter(({ operation }) => operation === "verify");
    expect(verifies).toHaveLength(3);
  }, 60_000);
});
