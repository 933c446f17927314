import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  type Attempt,
  createPasswordCheck,
  type PasswordResult,
} from "../../../src/http/gate/password-check.ts";
import { dummyHash } from "../../../src/http/web-config/bcrypt-hash.ts";

const HASH = `$2b$10$${"a".repeat(53)}`;

/** Takes "right" for the right password of every real hash; each comparison waits until it is let go. */
function createSubject() {
  const waiting: (() => void)[] = [];
  const compared: string[] = [];
  const check = createPasswordCheck({
    key: Buffer.from("key"),
    async compare(password, hash) {
      compared.push(`${password.toString()} ${hash}`);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
      return password.toString() === "right";
    },
  });
  const attempt = (changes: Partial<Attempt> & { readonly text?: string } = {}): Promise<PasswordResult> => {
    const { text = "right", ...rest } = changes;
    return check({ user: "alice", password: Buffer.from(text), hash: HASH, highestCost: 10, ...rest });
  };
  /** Lets everything be compared that still is to be. */
  async function finish(): Promise<void> {
    do {
      waiting.shift()?.();
      await turn();
    } while (waiting.length > 0);
  }
  return { attempt, compared, waiting, finish };
}

test("createPasswordCheck() tells right from wrong", async () => {
  const { attempt, finish } = createSubject();
  const verdicts = Promise.all([attempt(), attempt({ text: "guess" })]);
  await finish();
  expect(await verdicts).toEqual(["right", "wrong"]);
});

test("createPasswordCheck() says wrong for an unknown user, even if the dummy should match", async () => {
  const { attempt, finish, compared } = createSubject();
  const verdict = attempt({ user: "mallory", hash: undefined });
  await finish();
  expect(await verdict).toBe("wrong");
  expect(compared).toEqual([`right ${dummyHash(10)}`]);
});

test("createPasswordCheck() compares one at a time", async () => {
  const { attempt, finish, waiting, compared } = createSubject();
  const all = Promise.all(["a", "b", "c"].map((text) => attempt({ text })));
  await turn();
  expect(waiting.length).toBe(1);
  expect(compared.length).toBe(1);
  await finish();
  await all;
  expect(compared.length).toBe(3);
});

test("createPasswordCheck() compares a pair once, for those who wait and those who come later", async () => {
  const { attempt, finish, compared } = createSubject();
  const together = Promise.all([attempt(), attempt(), attempt({ text: "x" }), attempt({ text: "x" })]);
  await finish();
  expect(await together).toEqual(["right", "right", "wrong", "wrong"]);
  expect([await attempt(), await attempt({ text: "x" })]).toEqual(["right", "wrong"]);
  expect(compared.length).toBe(2);
});

test("createPasswordCheck() answers a right pair that it knows while wrong ones wait", async () => {
  const { attempt, finish, waiting } = createSubject();
  const first = attempt();
  await finish();
  await first;
  const wrong = Promise.all(Array.from({ length: 100 }, (_, index) => attempt({ text: `guess ${index}` })));
  await turn();
  expect(waiting.length).toBe(1);
  expect(await attempt()).toBe("right");
  await finish();
  await wrong;
});

test("createPasswordCheck() forgets no right pair, however many wrong ones come", async () => {
  const { attempt, finish, compared } = createSubject();
  const first = attempt();
  await finish();
  await first;
  for (let round = 0; round < 20; round += 1) {
    const wrong = Promise.all(
      Array.from({ length: 100 }, (_, index) => attempt({ text: `${round} ${index}` })),
    );
    await finish();
    await wrong;
  }
  const before = compared.length;
  expect(await attempt()).toBe("right");
  expect(compared.length).toBe(before);
});

test("createPasswordCheck() lets no pair pass for another whose parts join to the same text", async () => {
  const { attempt, finish, compared } = createSubject();
  const first = attempt({ user: "ab", text: "right" });
  await finish();
  await first;
  const others = Promise.all([
    attempt({ user: "a", text: "bright" }),
    attempt({ user: "abright", text: "" }),
    attempt({ user: "ab", text: "right", hash: `${HASH.slice(0, -1)}b` }),
  ]);
  await finish();
  await others;
  expect(compared.length).toBe(4);
});

test("createPasswordCheck() turns attempts away when too many wait", async () => {
  const { attempt, finish } = createSubject();
  const all = Promise.all(Array.from({ length: 140 }, (_, index) => attempt({ text: String(index) })));
  await finish();
  const verdicts = await all;
  expect(verdicts.filter((verdict) => verdict === "busy").length).toBe(12);
  expect(verdicts.slice(0, 128).every((verdict) => verdict === "wrong")).toBe(true);
});

test("createPasswordCheck() goes on after a comparison that failed", async () => {
  let calls = 0;
  const check = createPasswordCheck({
    key: Buffer.from("key"),
    compare: () => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error("out of memory")) : Promise.resolve(true);
    },
  });
  const attempt = { user: "alice", password: Buffer.from("right"), hash: HASH, highestCost: 10 };
  await expect(check(attempt)).rejects.toThrow("out of memory");
  expect(await check(attempt)).toBe("right");
});
