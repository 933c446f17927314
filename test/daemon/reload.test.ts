import { mkdir, open, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { loadConfig, type LoadResult } from "../../src/config/load.ts";
import type { ConfigSource } from "../../src/daemon/config-source.ts";
import { createReloader, type Reloader } from "../../src/daemon/reload.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { testAccount } from "../helpers/generation-subject.ts";
import { createSinkLog, type SinkLog } from "../helpers/sink-log.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { untilTrue } from "../helpers/until.ts";

const LOOK_MS = 5000;

const config = (interconnects: number, more: object = {}): string =>
  JSON.stringify({ accounts: [testAccount("production", interconnects)], ...more });

interface Subject extends AsyncDisposable {
  readonly reloader: Reloader;
  readonly clock: FakeClock;
  readonly log: SinkLog;
  readonly path: string;
  readonly folder: string;
  readonly write: (text: string) => Promise<void>;
  /** How many interconnects each configuration had that came into effect. */
  readonly applied: readonly number[];
  /** Of each read, whether it succeeded. */
  readonly reads: readonly boolean[];
}

interface SubjectOptions {
  readonly apply?: (config: Config) => Promise<void>;
  readonly watchEveryMs?: number;
  readonly path?: (folder: string) => Promise<string>;
  readonly load?: (path: string) => Promise<LoadResult>;
}

async function startSubject({
  apply,
  watchEveryMs,
  path: place,
  load = (file) => loadConfig(file, {}),
}: SubjectOptions = {}): Promise<Subject> {
  await using started = new AsyncDisposableStack();
  const folder = started.use(await createTempFolder({ "config.yaml": config(1) }));
  const path = place === undefined ? join(folder.path, "config.yaml") : await place(folder.path);
  const clock = new FakeClock();
  const log = createSinkLog();
  const applied: number[] = [];
  const reads: boolean[] = [];
  const first = await loadConfig(path, {});
  if (!first.ok) throw new Error("Expected a config");
  const source: ConfigSource = {
    file: "config.yaml",
    hash: first.hash,
    files: first.files,
    secretFiles: first.secretFiles,
    load: () => load(path),
  };
  const reloader = createReloader({
    source: { ...source, file: path },
    watchEveryMs,
    async apply(next) {
      await apply?.(next);
      applied.push(next.accounts[0]?.interconnects.length ?? 0);
    },
    onRead: (successful) => reads.push(successful),
    clock,
    log,
  });
  started.use(reloader);
  const all = started.move();
  return {
    reloader,
    clock,
    log,
    path,
    folder: folder.path,
    write: (text) => writeFile(path, text),
    applied,
    reads,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const linesOf = ({ log }: Subject): string[] =>
  log.lines.map(({ level, message, fields }) =>
    `${level} ${message} ${typeof fields["result"] === "string" ? fields["result"] : ""}`.trim(),
  );

describe("reload()", () => {
  test("puts a changed configuration into effect", async () => {
    await using it = await startSubject();
    await it.write(config(3));
    expect(await it.reloader.reload("SIGHUP")).toEqual({ ok: true, changed: true });
    expect([it.applied, it.reads]).toEqual([[3], [true]]);
    expect(it.log.lines).toEqual([
      { level: "info", message: "Configuration reloaded", fields: { trigger: "SIGHUP", result: "changed" } },
    ]);
    expect(await it.reloader.reload("SIGHUP")).toEqual({ ok: true, changed: false });
  });

  test("does nothing for the same content, and succeeds", async () => {
    await using it = await startSubject();
    expect(await it.reloader.reload("http")).toEqual({ ok: true, changed: false });
    expect([it.applied, it.reads]).toEqual([[], [true]]);
    expect(linesOf(it)).toEqual(["info Configuration reloaded unchanged"]);
  });

  test("says of a shortage that it is none of the configuration's, and reads again until that works", async () => {
    let isShort = true;
    await using it = await startSubject({
      async load(path) {
        if (!isShort) return await loadConfig(path, {});
        const problems = [{ path: "", message: "cannot read the config: too many files open (EMFILE)" }];
        return { ok: false, reason: "short", problems, warnings: [], files: [] };
      },
    });
    await it.write(config(3));
    expect(await it.reloader.reload("http")).toEqual({
      ok: false,
      isShort: true,
      problems: [
        `${it.path}: cannot read the config: too many files open (EMFILE)`,
        "Not reloaded: this machine is short of something, which says nothing about the configuration; the one before stays in effect, and it is read again every 5 seconds",
      ],
    });
    await it.clock.advance(5000);
    await it.clock.whenSleeping(1);
    expect([it.applied, it.reads]).toEqual([[], []]);
    isShort = false;
    await it.clock.advance(5000);
    await untilTrue("the new one", () => it.reads.length > 0);
    expect([it.applied, it.reads]).toEqual([[3], [true]]);
    expect(it.clock.sleeping).toBe(0);
    const cannot = "Configuration cannot be read now, the one before stays in effect";
    expect(linesOf(it)).toEqual([`warn ${cannot}`, `debug ${cannot}`, "info Configuration reloaded changed"]);
  });

  test("takes a configuration that a shortage keeps from coming into effect up again", async () => {
    let isShort = true;
    await using it = await startSubject({
      async apply() {
        if (isShort) throw Object.assign(new Error("open EMFILE"), { code: "EMFILE" });
      },
    });
    await it.write(config(3));
    expect(await it.reloader.reload("SIGHUP")).toMatchObject({ ok: false, isShort: true });
    isShort = false;
    await it.clock.advance(5000);
    await untilTrue("the new one", () => it.reads.length > 0);
    expect([it.applied, it.reads]).toEqual([[3], [true]]);
  });

  test("ends while it waits for a shortage to be over", async () => {
    const it = await startSubject({
      load: async () => ({ ok: false, reason: "short", problems: [], warnings: [], files: [] }),
    });
    await it.reloader.reload("SIGHUP");
    await it[Symbol.asyncDispose]();
    expect(it.clock.sleeping).toBe(0);
  });

  test("gives and logs all problems of a wrong one, and puts nothing into effect", async () => {
    await using it = await startSubject();
    await it.write(config(2, { poll: { interval: "soon" }, more: 1 }));
    const result = await it.reloader.reload("http");
    expect(result).toEqual({
      ok: false,
      problems: [
        expect.stringMatching(/config\.yaml:1: poll\.interval: expected a duration/),
        expect.stringMatching(/config\.yaml:1: unknown key "more"/),
      ],
    });
    expect([it.applied, it.reads]).toEqual([[], [false]]);
    expect(linesOf(it)).toEqual([
      "error Problem in the configuration",
      "error Problem in the configuration",
      "error Configuration not reloaded, the one before stays in effect failed",
    ]);
    await rm(it.path);
    expect(await it.reloader.reload("SIGHUP")).toMatchObject({ ok: false });
    await it.write(config(1));
    expect(await it.reloader.reload("SIGHUP")).toEqual({ ok: true, changed: false });
    expect(it.reads).toEqual([false, false, true]);
  });

  test("fails when the configuration cannot come into effect, and tries it again when asked again", async () => {
    let works = false;
    await using it = await startSubject({
      apply: async () => {
        if (!works) throw new Error("cannot use the CA certificates");
      },
    });
    await it.write(config(2));
    const problems = [`${it.path}: cannot use the CA certificates`];
    expect(await it.reloader.reload("http")).toEqual({ ok: false, problems });
    works = true;
    expect(await it.reloader.reload("http")).toEqual({ ok: true, changed: true });
    expect(it.reads).toEqual([false, true]);
  });

  test("runs one at a time, and those that wait share the next one", async () => {
    const gates: (() => void)[] = [];
    await using it = await startSubject({ apply: () => new Promise((resolve) => gates.push(resolve)) });
    await it.write(config(2));
    const first = it.reloader.reload("http");
    await untilTrue("the first to be applied", () => gates.length === 1);
    await it.write(config(3));
    const others = [it.reloader.reload("http"), it.reloader.reload("SIGHUP"), it.reloader.reload("file")];
    expect(gates).toHaveLength(1);
    gates[0]?.();
    expect(await first).toEqual({ ok: true, changed: true });
    await untilTrue("the second to be applied", () => gates.length === 2);
    gates[1]?.();
    const results = await Promise.all(others);
    expect(new Set(results).size).toBe(1);
    expect([it.applied, it.reads]).toEqual([
      [2, 3],
      [true, true],
    ]);
    await it.write(config(4));
    const again = it.reloader.reload("http");
    const last = it.reloader.reload("http");
    await untilTrue("the third to be applied", () => gates.length === 3);
    gates[2]?.();
    expect(await Promise.all([again, last])).toEqual([
      { ok: true, changed: true },
      { ok: true, changed: false },
    ]);
  });

  test("says so when there is no file", async () => {
    const log = createSinkLog();
    await using reloader = createReloader({
      source: undefined,
      watchEveryMs: 5000,
      apply: async () => undefined,
      onRead: () => undefined,
      clock: new FakeClock(),
      log,
    });
    expect(await reloader.reload("SIGHUP")).toEqual({
      ok: false,
      problems: ["There is no config file to reload: started without one"],
    });
    expect(log.lines.map(({ level }) => level)).toEqual(["warn"]);
  });

  test("is refused once disposed of, which waits for the one under way", async () => {
    const gates: (() => void)[] = [];
    const it = await startSubject({
      apply: () => new Promise((resolve) => gates.push(resolve)),
      watchEveryMs: 5000,
    });
    await it.write(config(2));
    const reloading = it.reloader.reload("http");
    const next = it.reloader.reload("http");
    await untilTrue("it to be applied", () => gates.length === 1);
    let disposed = false;
    const disposing = it.reloader[Symbol.asyncDispose]().then(() => {
      disposed = true;
    });
    await it.clock.settle();
    expect(disposed).toBe(false);
    gates[0]?.();
    await disposing;
    expect(await reloading).toMatchObject({ ok: true });
    expect(await next).toEqual({ ok: false, problems: ["Not reloaded: shutting down"] });
    expect(it.clock.sleeping).toBe(0);
    await it[Symbol.asyncDispose]();
  });
});

/** Lets the watch look once more. */
async function look(it: Subject): Promise<void> {
  await untilTrue("the watch to sleep", () => it.clock.sleeping === 1);
  await it.clock.advance(LOOK_MS);
  await untilTrue("the watch to sleep again", () => it.clock.sleeping === 1);
}

describe("the watch of files", () => {
  test("reloads when the content changes, and stays quiet otherwise", async () => {
    await using it = await startSubject({ watchEveryMs: 5000 });
    await look(it);
    await look(it);
    expect(linesOf(it).filter((line) => !line.startsWith("debug"))).toEqual([]);
    await it.write(config(4));
    await look(it);
    expect(it.applied).toEqual([]);
    await look(it);
    expect(it.applied).toEqual([4]);
    expect(linesOf(it).filter((line) => !line.startsWith("debug"))).toEqual([
      "info Configuration reloaded changed",
    ]);
  });

  test("waits while a file is being written, though each part of it is valid", async () => {
    await using it = await startSubject({ watchEveryMs: 5000 });
    await look(it);
    await look(it);
    for (const written of [1, 2, 3]) {
      await it.write(config(written + 1));
      await look(it);
    }
    expect(it.applied).toEqual([]);
    await look(it);
    expect(it.applied).toEqual([4]);
  });

  test("says once that a file is in no folder any more, as one that is mounted by itself, and in the answer", async () => {
    await using folder = await createTempFolder({ "mounted.yaml": config(1) });
    const place = join(folder.path, "mounted.yaml");
    await using file = await open(place);
    await using it = await startSubject({ watchEveryMs: 5000, path: async () => `/proc/self/fd/${file.fd}` });
    await look(it);
    await rm(place);
    for (let looks = 0; looks < 3; looks += 1) await look(it);
    expect(linesOf(it).filter((line) => line.startsWith("warn"))).toHaveLength(1);
    const notes = [expect.stringContaining("mount its folder in place of the file")];
    expect(await it.reloader.reload("http")).toEqual({ ok: true, changed: false, notes });
  });

  test("says so of a token's file too, which is mounted by itself as often", async () => {
    await using folder = await createTempFolder({ token: "cfut_token-of-the-tests" });
    const token = join(folder.path, "token");
    await using file = await open(token);
    const named = {
      ...testAccount("production", 1),
      api_token: undefined,
      api_token_file: `/proc/self/fd/${file.fd}`,
    };
    const path = join(folder.path, "config.yaml");
    await writeFile(path, JSON.stringify({ accounts: [named] }));
    await using it = await startSubject({ watchEveryMs: 5000, path: async () => path });
    await look(it);
    await rm(token);
    await look(it);
    expect(linesOf(it)).toContain("warn Warning about the configuration");
    const notes = [expect.stringContaining(`/proc/self/fd/${file.fd}: expected a file in a folder`)];
    expect(await it.reloader.reload("http")).toEqual({ ok: true, changed: false, notes });
  });

  test("logs a wrong file once, and recovers", async () => {
    await using it = await startSubject({ watchEveryMs: 5000 });
    await look(it);
    await it.write("accounts: [");
    for (let looks = 0; looks < 4; looks += 1) await look(it);
    expect(it.log.lines.filter(({ level }) => level === "error")).toHaveLength(2);
    expect(it.reads.at(-1)).toBe(false);
    await it.write(config(1));
    await look(it);
    await look(it);
    expect([it.reads.at(-1), it.applied]).toEqual([true, []]);
    expect(linesOf(it).at(-1)).toBe("info Configuration reloaded unchanged");
  });

  test("follows the symbolic links that Kubernetes swaps", async () => {
    await using it = await startSubject({
      watchEveryMs: 5000,
      async path(folder) {
        for (const [version, count] of [
          ["one", 2],
          ["two", 5],
        ] as const) {
          await mkdir(join(folder, version));
          await writeFile(join(folder, version, "config.yaml"), config(count));
        }
        await symlink("one", join(folder, "..data"));
        const path = join(folder, "mounted.yaml");
        await symlink("..data/config.yaml", path);
        return path;
      },
    });
    await look(it);
    await symlink("two", join(it.folder, "..data_tmp"));
    await rename(join(it.folder, "..data_tmp"), join(it.folder, "..data"));
    await look(it);
    await look(it);
    expect(it.applied).toEqual([5]);
  });

  test("follows the files that the config names, one that was missing included", async () => {
    await using it = await startSubject({ watchEveryMs: 5000 });
    await look(it);
    const account = testAccount("production", 2);
    const named = { ...account, api_token: undefined, api_token_file: "token" };
    await it.write(JSON.stringify({ accounts: [named] }));
    for (let looks = 0; looks < 3; looks += 1) await look(it);
    expect([it.applied, it.reads.at(-1)]).toEqual([[], false]);
    await writeFile(join(it.folder, "token"), "some-token");
    await look(it);
    await look(it);
    expect(it.applied).toEqual([2]);
  });
});
