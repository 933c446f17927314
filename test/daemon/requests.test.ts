import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/base/random.ts";
import type { Config } from "../../src/config/config.ts";
import { createAccounts } from "../../src/daemon/accounts.ts";
import { usageOf, newAccountRecords } from "../../src/daemon/account-records.ts";
import { createRhythms } from "../../src/daemon/rhythms.ts";
import { createRequests } from "../../src/daemon/requests.ts";
import { ApiError } from "../../src/domain/failure.ts";
import { createFakeApi } from "../helpers/fake-api.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { testAccount, testConfig } from "../helpers/generation-subject.ts";
import { createSinkLog } from "../helpers/sink-log.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

const NO_SIGNAL = new AbortController().signal;

function start(config: Config) {
  const clock = new FakeClock();
  const api = createFakeApi(clock);
  const records = newAccountRecords();
  const rhythms = createRhythms(config);
  const [target] = rhythms.replan(records.listings).targets;
  if (target === undefined) throw new Error("Expected a target");
  const log = createSinkLog();
  const accountOf = createAccounts({ config, records, rhythms, paced: false, clock, log });
  const seen: string[] = [];
  const observer = {
    pollStarted: (lagMs: number) => seen.push(`started ${lagMs}`),
    pollEnded: () => seen.push("ended"),
    observeRetry: (account: string, operation: string) => seen.push(`retry ${account} ${operation}`),
  };
  const client = api.connect(config, () => undefined);
  const requests = createRequests({ config, client, accountOf, observer, clock, random: seededRandom(1) });
  return {
    clock,
    api,
    log,
    accountOf,
    rhythms,
    seen,
    /** Asks for the status with the turn due now; how it ended: the word, or the kind of the failure. */
    async ask(latestMs = Number.POSITIVE_INFINITY): Promise<unknown> {
      const dueMs = clock.now().monoMs;
      const asking = requests.askStatus(target, { dueMs, latestMs }, NO_SIGNAL, () => seen.push("turn"));
      const outcome = asking.then(
        ({ word }) => word,
        (error: unknown) => (error instanceof ApiError ? error.kind : error),
      );
      const ended = outcome.then(() => true);
      // Files are read by threads of their own: while nobody sleeps, no time passes.
      const step = () => (clock.sleeping > 0 ? clock.advance(50) : clock.settle());
      while (!(await Promise.race([ended, step()]))) continue;
      return await outcome;
    },
  };
}

describe("askStatus()", () => {
  test("counts a retry, sends it out of turn, and takes it from the budget", async () => {
    const it = start(await testConfig({ accounts: [testAccount("production", 1)] }));
    let count = 0;
    it.api.reply = () => ((count += 1) === 1 ? { fails: "server_error" } : { state: "Healthy" });
    expect(await it.ask()).toBe("Healthy");
    expect(it.seen).toEqual(["turn", "started 0", "retry production status", "ended"]);
    expect(it.accountOf("production").usage.used(it.clock.now().monoMs)).toBe(2);
  });

  test("forgoes a retry that the budget has nothing left for, and counts none", async () => {
    const it = start(await testConfig({ api: { budget: 10 }, accounts: [testAccount("production", 1)] }));
    for (let count = 0; count < 9; count += 1) it.accountOf("production").queue.takeRetry();
    it.api.reply = () => ({ fails: "server_error" });
    expect(await it.ask()).toBe("server_error");
    expect(it.seen).toEqual(["turn", "started 0", "ended"]);
    expect(it.api.requests).toHaveLength(1);
  });

  test("counts a poll that is not sent as none under way", async () => {
    const it = start(await testConfig({ api: { budget: 10 }, accounts: [testAccount("production", 1)] }));
    for (let count = 0; count < 10; count += 1) it.accountOf("production").queue.takeRetry();
    expect(await it.ask(it.clock.now().monoMs + 1000)).toBe("throttled");
    expect(it.seen).toEqual([]);
    expect(it.api.requests).toEqual([]);
  });

  test("sends nothing while the credential's file is empty, which is a refusal and ends by itself", async () => {
    await using folder = await createTempFolder({ token: "cfut_first" });
    const { api_token: _none, ...account } = testAccount("production", 1);
    const path = join(folder.path, "token");
    const it = start(await testConfig({ accounts: [{ ...account, api_token_file: path }] }));
    await writeFile(path, "");
    expect(await it.ask()).toBe("unauthorized");
    expect(it.api.requests).toEqual([]);
    await writeFile(path, "cfut_second");
    expect(await it.ask()).toBe("Healthy");
  });
});

test.each(["unauthorized", "forbidden"] as const)(
  "an answer that is %s has the credential's file read again before the next request",
  async (fails) => {
    await using folder = await createTempFolder({ token: "cfut_first" });
    const { api_token: _none, ...account } = testAccount("production", 1);
    const path = join(folder.path, "token");
    const it = start(await testConfig({ accounts: [{ ...account, api_token_file: path }] }));
    const changes = () => it.log.lines.filter(({ message }) => message.includes("has changed")).length;
    await it.accountOf("production").credential.headers();
    const readAtMs = it.clock.now().monoMs;
    await writeFile(path, "cfut_second");
    it.api.reply = () => ({ fails });
    expect(await it.ask()).toBe(fails);
    expect(changes()).toBe(0);
    it.api.reply = () => ({ state: "Healthy" });
    expect(await it.ask()).toBe("Healthy");
    expect(changes()).toBe(1);
    // Long before the file would have been looked at anyway.
    expect(it.clock.now().monoMs - readAtMs).toBeLessThan(1000);
  },
);

describe("createAccounts()", () => {
  test("shares queue and usage by credential: accounts with the same token have one budget", async () => {
    const config = await testConfig({
      accounts: [testAccount("east", 1, "one"), testAccount("west", 1, "one"), testAccount("lab", 1, "two")],
    });
    const { accountOf } = start(config);
    expect(accountOf("west").usage).toBe(accountOf("east").usage);
    expect(accountOf("lab").usage).not.toBe(accountOf("east").usage);
  });

  test("and the rhythms refuse a name that the configuration does not have", async () => {
    const { accountOf, rhythms } = start(await testConfig({ accounts: [testAccount("east", 1)] }));
    expect(() => accountOf("west")).toThrow(
      new RangeError('Expected an account of the configuration, got "west"'),
    );
    expect(() => rhythms.steadyOf("west")).toThrow(
      new RangeError('Expected an account of the plan, got "west"'),
    );
  });
});

test("usageOf() keeps a credential's usage over generations", () => {
  const records = newAccountRecords();
  const usage = usageOf(records, "key");
  expect(usageOf(records, "key")).toBe(usage);
  expect(usageOf(records, "other")).not.toBe(usage);
});
