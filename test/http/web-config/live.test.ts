import { rename, rm, symlink, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWebConfig, WebConfigError } from "../../../src/http/web-config/live.ts";
import { type Certificates, createCertificates } from "../../helpers/certificates.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { createSinkLog } from "../../helpers/sink-log.ts";

const USERS = "basic_auth_users: { alice: $2y$04$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze }\n";
const OTHERS = USERS.replace("alice", "bob");
const TLS = "tls_server_config: { cert_file: a.crt, key_file: a.key }\n";

let files: Certificates;

beforeEach(async () => {
  files = await createCertificates();
  await files.selfSigned("a");
});
afterEach(() => files[Symbol.asyncDispose]());

async function open(text: string) {
  const path = files.pathOf("web.yml");
  await writeFile(path, text);
  const clock = new FakeClock();
  const log = createSinkLog();
  const web = await openWebConfig({ path, clock, log });
  return {
    web,
    log,
    clock,
    path,
    /** Writes, lets a second pass, looks. */
    async change(content: string) {
      await writeFile(path, content);
      await clock.advance(1000);
      return await web.current();
    },
    users: () => [...web.last().settings.users.keys()],
    cert: () => web.last().settings.tls?.context.cert,
    messages: () => log.lines.map(({ level, message }) => `${level}: ${message}`),
  };
}

test("openWebConfig() rejects with all problems when the file is wrong at the start", async () => {
  const path = files.pathOf("wrong.yml");
  await writeFile(path, "users: {}\nrate_limit: { interval: x }\n");
  const opening = openWebConfig({ path, clock: new FakeClock(), log: createSinkLog() });
  await expect(opening).rejects.toThrow(WebConfigError);
  await expect(opening).rejects.toThrow(
    `${path}:1: unknown key "users"\n${path}:2: rate_limit.interval: expected a duration such as 1s or 500ms, or 0, got "x"`,
  );
});

test("openWebConfig() reads the file again when its content has changed, at most once a second", async () => {
  const it = await open(USERS);
  await writeFile(it.path, OTHERS);
  await it.clock.advance(999);
  await it.web.current();
  expect(it.users()).toEqual(["alice"]);
  await it.clock.advance(1);
  await it.web.current();
  expect(it.users()).toEqual(["bob"]);
  expect(it.messages()).toEqual(["info: The web config was read again"]);
  await it.change(OTHERS);
  expect(it.messages().length).toBe(1);
});

test("openWebConfig() refuses while the file is broken, and mends by itself", async () => {
  const it = await open(USERS);
  for (const broken of ["basic_auth_users: {", "nonsense: 1\n", `${USERS}${USERS}`]) {
    expect(await it.change(broken)).toMatchObject({ isBroken: true });
    expect(it.users()).toEqual(["alice"]);
  }
  expect(it.log.lines.at(-1)?.fields["problems"]).toEqual([
    `${it.path}:2: basic_auth_users: duplicate key, first set on line 1`,
  ]);
  expect(await it.change(OTHERS)).toMatchObject({ isBroken: false });
  expect(it.users()).toEqual(["bob"]);
  await rm(it.path);
  await it.clock.advance(1000);
  expect(await it.web.current()).toMatchObject({ isBroken: true });
});

test("openWebConfig() refuses rather than opens up while an editor has emptied the file", async () => {
  const it = await open(USERS);
  expect(await it.change("")).toMatchObject({ isBroken: true });
  expect(await it.change("# to come\n")).toMatchObject({ isBroken: true });
  expect(await it.change("rate_limit: { interval: 1s, burst: 1 }\n")).toMatchObject({ isBroken: false });
  expect(it.users()).toEqual([]);
});

test("openWebConfig() takes a new certificate, and keeps the last good one while the new is broken", async () => {
  const it = await open(TLS + USERS);
  const first = it.cert();
  await files.selfSigned("b");
  await rename(files.pathOf("b.crt"), files.pathOf("a.crt"));
  await it.clock.advance(1000);
  expect(await it.web.current()).toMatchObject({ isBroken: false });
  expect(it.cert()).toBe(first);
  expect(it.messages()).toEqual([
    "error: The web config's certificates are broken: the last good ones stay in use",
  ]);
  await rename(files.pathOf("b.key"), files.pathOf("a.key"));
  await it.clock.advance(1000);
  await it.web.current();
  expect(it.cert()).not.toBe(first);
  expect(it.messages().length).toBe(2);
});

test("openWebConfig() lets no broken certificate hold back a change of users", async () => {
  const it = await open(TLS + USERS);
  await rm(files.pathOf("a.key"));
  expect(await it.change(TLS + OTHERS)).toMatchObject({ isBroken: false });
  expect(it.users()).toEqual(["bob"]);
  expect(it.cert()).toBeDefined();
});

test("openWebConfig() keeps TLS and HTTP/2 as they were at the start, says so, and takes the rest", async () => {
  const secure = await open(TLS + USERS);
  await secure.change(OTHERS);
  expect(secure.cert()).toBeDefined();
  expect(secure.users()).toEqual(["bob"]);
  expect(secure.messages()).toContain("error: TLS cannot be switched on or off without a restart");
  await secure.change(`${TLS}http_server_config: { http2: false }\n`);
  expect(secure.web.last().settings.http2).toBe(true);
  expect(secure.messages()).toContain("error: HTTP/2 cannot be switched on or off without a restart");

  const plain = await open(USERS);
  await plain.change(TLS + OTHERS);
  expect(plain.cert()).toBeUndefined();
  expect(plain.users()).toEqual(["bob"]);
  expect(plain.messages()).toContain("error: TLS cannot be switched on or off without a restart");
});

test("a shortage of the machine is no broken web config: the one before stays in effect, and is no news", async () => {
  const it = await open(USERS);
  await rm(it.path);
  // Reading it is an input/output error.
  await symlink("/proc/self/mem", it.path);
  await it.clock.advance(1000);
  expect(await it.web.current()).toMatchObject({ isBroken: false });
  expect(it.users()).toEqual(["alice"]);
  expect(it.messages()).toEqual([]);
  await rm(it.path);
  expect(await it.change(OTHERS)).toMatchObject({ isBroken: false });
  expect(it.users()).toEqual(["bob"]);
});
