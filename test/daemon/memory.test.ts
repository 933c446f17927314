import { describe, expect, test } from "vitest";
import { type Config, credentialKey } from "../../src/config/config.ts";
import { ledgerOf, type Memory, newMemory, remember } from "../../src/daemon/memory.ts";
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

/** A memory in which each account of the configuration has sent so many requests. */
function memoryOf(config: Config, sent: Readonly<Record<string, number>>): Memory {
  const memory = newMemory();
  remember(memory, config.accounts);
  for (const [name, count] of Object.entries(sent)) {
    for (let index = 0; index < count; index += 1) ledgerOf(memory, keyIn(config, name)).take(NOW_MS, 1000);
  }
  return memory;
}

const usedIn = (memory: Memory, config: Config, name: string): number =>
  ledgerOf(memory, keyIn(config, name)).used(NOW_MS);

describe("remember()", () => {
  test("carries the window and the pause over to a token that takes the place of another, there and back", async () => {
    const [one, two] = [await configOf({ a: "token-1" }), await configOf({ a: "token-2" })];
    const memory = memoryOf(one, { a: 7 });
    ledgerOf(memory, keyIn(one, "a")).pause(instant(0), 60_000);
    for (const config of [two, one, two]) {
      remember(memory, config.accounts);
      expect(usedIn(memory, config, "a")).toBe(7);
      expect(ledgerOf(memory, keyIn(config, "a")).pausedUntil).toEqual(instant(60_000));
      expect(memory.ledgers.size).toBe(1);
    }
  });

  test("leaves a token that is still in use its own, and gives the new one a copy", async () => {
    const before = await configOf({ a: "shared", b: "shared" });
    const after = await configOf({ a: "own", b: "shared" });
    const memory = memoryOf(before, { a: 5 });
    remember(memory, after.accounts);
    expect([usedIn(memory, after, "a"), usedIn(memory, after, "b")]).toEqual([5, 5]);
    ledgerOf(memory, keyIn(after, "a")).take(NOW_MS, 1000);
    expect([usedIn(memory, after, "a"), usedIn(memory, after, "b")]).toEqual([6, 5]);
  });

  test("adds up the windows of tokens that become one, each once", async () => {
    const before = await configOf({ a: "x", b: "x", c: "y" });
    const after = await configOf({ a: "z", b: "z", c: "z" });
    const memory = memoryOf(before, { a: 3, c: 4 });
    remember(memory, after.accounts);
    expect(usedIn(memory, after, "c")).toBe(7);
  });

  test("moves an account to the token of another, which then has both windows", async () => {
    const before = await configOf({ a: "x", b: "y" });
    const after = await configOf({ a: "y", b: "y" });
    const memory = memoryOf(before, { a: 3, b: 4 });
    remember(memory, after.accounts);
    expect(usedIn(memory, after, "a")).toBe(7);
    expect(memory.ledgers.size).toBe(1);
  });

  test("lets two accounts swap their tokens, each of which keeps its window", async () => {
    const before = await configOf({ a: "x", b: "y" });
    const after = await configOf({ a: "y", b: "x" });
    const memory = memoryOf(before, { a: 3, b: 4 });
    remember(memory, after.accounts);
    expect([usedIn(memory, after, "a"), usedIn(memory, after, "b")]).toEqual([4, 3]);
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
      const memory = newMemory();
      memory.listings.set("a", listing).set("gone", listing);
      remember(memory, (await discovering(over)).accounts);
      expect(memory.listings.has("gone")).toBe(false);
      return memory.listings.get("a")?.discovery.known.map(({ name }) => name);
    }
    expect(await keptBy({})).toEqual(["icon-1", "lab-1"]);
    expect(await keptBy({ discovery: { enabled: true, exclude: ["lab-*"] } })).toEqual(["icon-1"]);
    expect(await keptBy({ account_id: "f".repeat(32) })).toBeUndefined();
    expect(await keptBy({ interconnects: ["icon-1"] })).toBeUndefined();
  });

  test("forgets what it knew of the tokens and intervals of accounts that are gone", async () => {
    const memory = memoryOf(await configOf({ a: "x", b: "y" }), {});
    for (const name of ["a", "b"]) {
      memory.tokens.set(name, { credential: "", asked: instant(0), expiresAtMs: 1 });
      memory.announced.set(name, 1);
    }
    remember(memory, (await configOf({ b: "y" })).accounts);
    expect([[...memory.tokens.keys()], [...memory.announced.keys()]]).toEqual([["b"], ["b"]]);
  });
});
