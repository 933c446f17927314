import { chmod, mkdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { assert, describe, expect, test } from "vitest";
import { createCredentialSource, type CredentialSource } from "../../src/api/credential-source.ts";
import { Secret } from "../../src/base/secret.ts";
import { ApiError } from "../../src/domain/failure.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog } from "../helpers/sink-log.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { reasonOf } from "../helpers/client-subject.ts";

const CANARY = "canary";

/** A source of the token in a new file, with a clock that stands still. */
async function start(text: string, value = text.trim()) {
  const folder = await createTempFolder();
  const path = join(folder.path, "token");
  await writeFile(path, text, { mode: 0o600 });
  const clock = new FakeClock();
  const log = createSinkLog();
  const token = { from: "file", path, value: new Secret(value) } as const;
  return {
    source: createCredentialSource({ scheme: "token", token }, { clock, log }),
    folder,
    path,
    clock,
    log,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function sent(source: CredentialSource): Promise<Readonly<Record<string, string>>> {
  const headers = await source.headers();
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]));
}

async function refusal(source: CredentialSource): Promise<string> {
  const error = await reasonOf(source.headers());
  assert(error instanceof ApiError, inspect(error));
  expect(error).toMatchObject({ kind: "unauthorized", retryable: false });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
  return error.message;
}

test("headers() of what stands in the configuration are those of its scheme alone", async () => {
  const deps = { clock: new FakeClock(), log: createSinkLog() };
  const value = new Secret("abc");
  const token = createCredentialSource({ scheme: "token", token: { from: "inline", value } }, deps);
  expect(await sent(token)).toEqual({ authorization: "Bearer abc" });
  token.doubt();
  expect(await sent(token)).toEqual({ authorization: "Bearer abc" });
  const key = { scheme: "key", email: "noc@example.com", key: { from: "inline", value } } as const;
  expect(await sent(createCredentialSource(key, deps))).toEqual({
    "x-auth-email": "noc@example.com",
    "x-auth-key": "abc",
  });
});

describe("headers() of a file", () => {
  test("leave out the white space around the token", async () => {
    await using it = await start("\ufeff \tone\r\n\n");
    expect(await sent(it.source)).toEqual({ authorization: "Bearer one" });
    expect(it.log.lines).toEqual([]);
  });

  test("follow a file that is replaced by renaming, at most a second late and logged once", async () => {
    await using it = await start("one", "one");
    expect(await sent(it.source)).toEqual({ authorization: "Bearer one" });
    await writeFile(`${it.path}.new`, "two\n", { mode: 0o600 });
    await rename(`${it.path}.new`, it.path);
    await it.clock.advance(999);
    expect(await sent(it.source)).toEqual({ authorization: "Bearer one" });
    await it.clock.advance(1);
    expect(await sent(it.source)).toEqual({ authorization: "Bearer two" });
    await it.clock.advance(5000);
    expect(await sent(it.source)).toEqual({ authorization: "Bearer two" });
    const message = "Credential file has changed and was read again";
    expect(it.log.lines).toEqual([{ level: "info", message, fields: { path: it.path } }]);
  });

  test("follow it at once when the API has refused what it held", async () => {
    await using it = await start("one", "one");
    expect(await sent(it.source)).toEqual({ authorization: "Bearer one" });
    await writeFile(it.path, "two");
    it.source.doubt();
    expect(await sent(it.source)).toEqual({ authorization: "Bearer two" });
  });

  test("follow one that is overwritten in place within one tick, by a token of the same length", async () => {
    await using it = await start("0000");
    for (let count = 1; count <= 20; count += 1) {
      const token = String(1000 + count);
      await writeFile(it.path, token);
      await it.clock.advance(1000);
      expect(await sent(it.source)).toEqual({ authorization: `Bearer ${token}` });
    }
  });

  test("follow Kubernetes' swap of the folder that a link leads through", async () => {
    await using it = await start("unused");
    const at = (name: string): string => join(it.folder.path, name);
    for (const version of ["1", "2", "3"]) {
      await mkdir(at(`..${version}`));
      await writeFile(at(`..${version}/api-token`), `token-${version}`, { mode: 0o600 });
    }
    await symlink("..1", at("..data"));
    await symlink("..data/api-token", at("api-token"));
    const token = { from: "file", path: at("api-token"), value: new Secret("token-1") } as const;
    const source = createCredentialSource({ scheme: "token", token }, it);
    for (const version of ["1", "2", "3"]) {
      await symlink(`..${version}`, at("..data_tmp"));
      await rename(at("..data_tmp"), at("..data"));
      await it.clock.advance(1000);
      expect(await sent(source)).toEqual({ authorization: `Bearer token-${version}` });
    }
    expect(it.log.lines.map(({ level }) => level)).toEqual(["info", "info"]);
  });

  test("say at once that another token came since the configuration was read", async () => {
    await using it = await start("two", "one");
    expect(await sent(it.source)).toEqual({ authorization: "Bearer two" });
    expect(it.log.lines).toMatchObject([{ level: "info", fields: { path: it.path } }]);
  });

  test("come from one read for callers at the same time", async () => {
    await using it = await start("");
    const failures = Array.from({ length: 3 }, () => reasonOf(it.source.headers()));
    const [first, ...others] = await Promise.all(failures);
    expect(first).toBeInstanceOf(ApiError);
    expect(others.map((error) => error === first)).toEqual([true, true]);
    expect(await reasonOf(it.source.headers())).not.toBe(first);
  });

  test("fail for a file that is truncated or gone, and come back with it at once", async () => {
    await using it = await start(CANARY);
    await it.source.headers();
    await truncate(it.path);
    await it.clock.advance(1000);
    expect(await refusal(it.source)).toBe(`Cannot use the API token file "${it.path}": it is empty`);
    await rm(it.path);
    expect(await refusal(it.source)).toBe(`Cannot use the API token file "${it.path}": no such file`);
    await writeFile(it.path, "two");
    expect(await sent(it.source)).toEqual({ authorization: "Bearer two" });
    await it.clock.advance(1000);
    expect(await sent(it.source)).toEqual({ authorization: "Bearer two" });
  });

  test.each([
    ["two words", `${CANARY} ${CANARY}`],
    ["two lines", `${CANARY}\n${CANARY}`],
    ["a control character", `${CANARY}\u0000${CANARY}`],
    ["other than ASCII", `${CANARY}é`],
    ["what is no UTF-8", Buffer.from([0xff, 0xfe, 0x63])],
  ])("fail for %s without showing any of it", async (_name, text) => {
    await using it = await start("");
    await writeFile(it.path, text);
    expect(await refusal(it.source)).toBe(
      `Cannot use the API token file "${it.path}": expected one word of printable ASCII, got white space, control or other characters in it`,
    );
  });

  test("stay what they were while the machine, not the file, is at fault, which is said once", async () => {
    await using it = await start("one");
    await it.source.headers();
    await rm(it.path);
    // Reading it is an input/output error.
    await symlink("/proc/self/mem", it.path);
    for (let count = 0; count < 3; count += 1) {
      await it.clock.advance(1000);
      expect(await sent(it.source)).toEqual({ authorization: "Bearer one" });
    }
    expect(it.log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
    await rm(it.path);
    expect(await refusal(it.source)).toContain(": no such file");
    await writeFile(it.path, "two", { mode: 0o600 });
    expect(await sent(it.source)).toEqual({ authorization: "Bearer two" });
  });

  test("fail for a file too large, a folder, a circle of links and a path below a file", async () => {
    await using it = await start(CANARY.repeat(20_000));
    expect(await refusal(it.source)).toContain(": expected at most 65536 bytes, got 120000");
    await rm(it.path);
    await mkdir(it.path);
    expect(await refusal(it.source)).toContain(": it is a folder");
    await rm(it.path, { recursive: true });
    await symlink("token", it.path);
    expect(await refusal(it.source)).toContain(": its symbolic links go in a circle");
    const key = { from: "file", path: join(it.path, "x"), value: new Secret("one") } as const;
    await rm(it.path);
    await writeFile(it.path, "");
    const source = createCredentialSource({ scheme: "key", email: "a@b", key }, it);
    expect(await refusal(source)).toBe(`Cannot use the API key file "${key.path}": no such file`);
  });

  test("warn of a file that every user can read, once for each version of it", async () => {
    await using it = await start("one");
    await chmod(it.path, 0o644);
    for (let count = 0; count < 3; count += 1) {
      await it.source.headers();
      await it.clock.advance(1000);
    }
    const message = "Credential file is readable by every user";
    const warning = { level: "warn", message, fields: { path: it.path, mode: "0644" } };
    expect(it.log.lines).toEqual([warning]);
    await chmod(it.path, 0o640);
    await it.source.headers();
    await it.clock.advance(1000);
    await chmod(it.path, 0o604);
    await it.source.headers();
    expect(it.log.lines).toEqual([warning, { ...warning, fields: { path: it.path, mode: "0604" } }]);
  });
});
