import { hash } from "@node-rs/bcrypt";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTempFolder, type TempFolder } from "../../helpers/temp-folder.ts";
import { startWebSubject, type WebSubject } from "../../helpers/web-subject.ts";

let folder: TempFolder;

beforeAll(async () => {
  folder = await createTempFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function serve(users: Readonly<Record<string, string>>): Promise<WebSubject> {
  const configFile = join(folder.path, "web.yml");
  await writeFile(configFile, JSON.stringify({ basic_auth_users: users }));
  return await startWebSubject({ configFile });
}

interface Attempt {
  readonly status: number;
  readonly ms: number;
}

async function signIn({ port }: WebSubject, user: string, password: string): Promise<Attempt> {
  const startMs = performance.now();
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization } });
  await response.text();
  return { status: response.status, ms: performance.now() - startMs };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

test("a password may hold colons and any letters, and every version of bcrypt is read", async () => {
  const password = "pä:ss:wörd ☃ \u0000 end";
  const made = await hash(password, 4);
  await using server = await serve({
    a: made.replace(/^\$2.\$/, "$2a$"),
    b: made.replace(/^\$2.\$/, "$2b$"),
    y: made.replace(/^\$2.\$/, "$2y$"),
  });
  for (const user of ["a", "b", "y"]) {
    expect((await signIn(server, user, password)).status).toBe(200);
    expect((await signIn(server, user, `${password}.`)).status).toBe(401);
    expect((await signIn(server, user, password.slice(0, -1))).status).toBe(401);
  }
  expect((await signIn(server, "c", password)).status).toBe(401);
  expect((await signIn(server, "__proto__", "x")).status).toBe(401);
});

test("unknown users take as long as known ones, whatever the cost of their hashes", async () => {
  await using server = await serve({ quick: await hash("x", 6), slow: await hash("x", 7) });
  const times: Record<"quick" | "slow" | "nobody", number[]> = { quick: [], slow: [], nobody: [] };
  for (let round = 0; round < 40; round += 1) {
    for (const user of ["nobody", "quick", "slow"] as const) {
      const attempt = await signIn(server, user, `guess ${round}`);
      expect(attempt.status).toBe(401);
      times[user].push(attempt.ms);
    }
  }
  const [unknown, quick, slow] = [median(times.nobody), median(times.quick), median(times.slow)];
  for (const known of [quick, slow]) expect(Math.abs(known - unknown)).toBeLessThan(0.25 * unknown);
}, 60_000);

test("100 wrong passwords at once do not slow a scrape whose password was right before", async () => {
  await using server = await serve({ alice: await hash("right", 7) });
  expect((await signIn(server, "alice", "right")).status).toBe(200);
  let waiting = 100;
  const wrong = Array.from({ length: 100 }, async (_, index) => {
    const { status } = await signIn(server, "alice", `guess ${index}`);
    waiting -= 1;
    return status;
  });
  const scrapes: Attempt[] = [];
  for (let index = 0; index < 20; index += 1) scrapes.push(await signIn(server, "alice", "right"));
  expect(waiting).toBeGreaterThan(50);
  expect(scrapes.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(median(scrapes.map(({ ms }) => ms))).toBeLessThan(50);
  expect(new Set(await Promise.all(wrong))).toEqual(new Set([401]));
}, 30_000);
