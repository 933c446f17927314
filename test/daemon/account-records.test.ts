import { describe, expect, test } from "vitest";
import { type Config, credentialKey } from "../../src/config/config.ts";
import {
  usageOf,
  type AccountRecords,
  newAccountRecords,
  remember,
} from "../../src/daemon/account-records.ts";
import { NO_INFO } from "../../src/domain/target.ts";
import { instant } from "../helpers/entry-builder.ts";
import { testAccount, testConfig } from "../helpers/generation-subject.ts";

const NOW_MS = instant(0).monoMs;

function keyIn({ accounts }: Config, name: string): string {
  const account = accounts.find((each) => each.name === name);
  return account === undefined ? "" : credentialKey(account.credential);
}

const configOf = (tokens: Readonly<Record<string, string>>): Promise<Config> =>
  testConfig({ accounts: Object.entries(tokens).map(([name, token]) => testAccount(name, 1, token)) });

/** Records in which each account of the configuration has sent so many requests. */
function recordsOf(config: Config, sent: Readonly<Record<string, number>>): AccountRecords {
  const records = newAccountRecords();
  remember(records, config.accounts);
  for (const [name, count] of Object.entries(sent)) {
    for (let index = 0; index < count; index += 1) usageOf(records, keyIn(config, name)).take(NOW_MS, 1000);
  }
  return records;
}

const usedIn = (records: AccountRecords, config: Config, name: string): number =>
  usageOf(records, keyIn(config, name)).used(NOW_MS);

describe("remember()", () => {
  test("carries the window and the pause over to a token that takes the place of another, there and back", async () => {
    const [one, two] = [await configOf({ a: "token-1" }), await configOf({ a: "token-2" })];
    const records = recordsOf(one, { a: 7 });
    usageOf(records, keyIn(one, "a")).pause(instant(0), 60_000);
    for (const config of [two, one, two]) {
      remember(records, config.accounts);
      expect(usedIn(records, config, "a")).toBe(7);
      expect(usageOf(records, keyIn(config, "a")).pausedUntil).toEqual(instant(60_000));
      expect(records.usages.size).toBe(1);
    }
  });

  test("leaves a token that is still in use its own, and gives the new one a copy", async () => {
    const before = await configOf({ a: "shared", b: "shared" });
    const after = await configOf({ a: "own", b: "shared" });
    const records = recordsOf(before, { a: 5 });
    remember(records, after.accounts);
    expect([usedIn(records, after, "a"), usedIn(records, after, "b")]).toEqual([5, 5]);
    usageOf(records, keyIn(after, "a")).take(NOW_MS, 1000);
    expect([usedIn(records, after, "a"), usedIn(records, after, "b")]).toEqual([6, 5]);
  });

  test("adds up the windows of tokens that become one, each once", async () => {
    const before = await configOf({ a: "x", b: "x", c: "y" });
    const after = await configOf({ a: "z", b: "z", c: "z" });
    const records = recordsOf(before, { a: 3, c: 4 });
    remember(records, after.accounts);
    expect(usedIn(records, after, "c")).toBe(7);
  });

  test("moves an account to the token of another, which then has both windows", async () => {
    const before = await configOf({ a: "x", b: "y" });
    const after = await configOf({ a: "y", b: "y" });
    const records = recordsOf(before, { a: 3, b: 4 });
    remember(records, after.accounts);
    expect(usedIn(records, after, "a")).toBe(7);
    expect(records.usages.size).toBe(1);
  });

  test("lets two accounts swap their tokens, each of which keeps its window", async () => {
    const before = await configOf({ a: "x", b: "y" });
    const after = await configOf({ a: "y", b: "x" });
    const records = recordsOf(before, { a: 3, b: 4 });
    remember(records, after.accounts);
    expect([usedIn(records, after, "a"), usedIn(records, after, "b")]).toEqual([4, 3]);
  });

  test("keeps of a listing what the filters let through, and nothing for another account or without discovery", async () => {
    const account = { ...testAccount("a", 0), interconnects: [] };
    const discovering = (over: object): Promise<Config> =>
      testConfig({ accounts: [{ ...account, ...over }] });
    const known = ["icon-1", "lab-1"].map((name) => ({ name, info: NO_INFO, missedLists: 0 }));
    const listing = {
      accountId: account.account_id,
      wanted: { include: ["*"], exclude: [] },
      discovery: { known, emptyLists: 0 },
      pages: 1,
      listed: instant(0),
    };
    async function keptBy(over: object): Promise<readonly string[] | undefined> {
      const records = newAccountRecords();
      records.listings.set("a", listing).set("gone", listing);
      remember(records, (await discovering(over)).accounts);
      expect(records.listings.has("gone")).toBe(false);
      return records.listings.get("a")?.discovery.known.map(({ name }) => name);
    }
    expect(await keptBy({})).toEqual(["icon-1", "lab-1"]);
    expect(await keptBy({ discovery: { enabled: true, exclude: ["lab-*"] } })).toEqual(["icon-1"]);
    expect(await keptBy({ account_id: "f".repeat(32) })).toBeUndefined();
    expect(await keptBy({ interconnects: ["icon-1"] })).toBeUndefined();
  });

  test("forgets what it knew of the tokens and intervals of accounts that are gone", async () => {
    const records = recordsOf(await configOf({ a: "x", b: "y" }), {});
    for (const name of ["a", "b"]) {
      records.tokens.set(name, { credential: "", asked: instant(0), expiresAtMs: 1 });
      records.announced.set(name, 1);
    }
    remember(records, (await configOf({ b: "y" })).accounts);
    expect([[...records.tokens.keys()], [...records.announced.keys()]]).toEqual([["b"], ["b"]]);
  });
});
