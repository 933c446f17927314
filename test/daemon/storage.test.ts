import { execFileSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seededRandom } from "../../src/base/random.ts";
import { newAccountRecords } from "../../src/daemon/account-records.ts";
import type { StateKeeper } from "../../src/daemon/keep-state.ts";
import { startStorage } from "../../src/daemon/storage.ts";
import { createStore } from "../../src/poll/store.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog } from "../helpers/sink-log.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

let seeds = 0;

function start(
  folder: string,
  random = seededRandom((seeds += 1)),
  log = createSinkLog(),
): Promise<StateKeeper> {
  const clock = new FakeClock();
  const store = createStore(clock, () => undefined);
  return startStorage(folder, { store, records: newAccountRecords(), budget: () => 600, clock, random, log });
}

test("one process alone has the folder, and the next has it once that one has ended", async () => {
  await using folder = await createTempFolder();
  const first = await start(folder.path);
  await expect(start(folder.path)).rejects.toThrow("another process uses it");
  await first[Symbol.asyncDispose]();
  // Written a last time, and nothing else left.
  expect(await readFile(join(folder.path, "state.json"), "utf8")).toContain('"clean":true');
  expect(await readdir(folder.path)).toEqual(["state.json"]);
  await using _next = await start(folder.path);
});

test("says who writes, and removes what a killed process left", async () => {
  await using folder = await createTempFolder({ "state.json.t0.tmp": "half" });
  await using _keeper = await start(folder.path);
  expect((await readdir(folder.path)).toSorted()).toEqual(["state.json", "state.json.lock.1"]);
  const [line = ""] = (await readFile(join(folder.path, "state.json"), "utf8")).split("\n");
  expect(JSON.parse(line)).toMatchObject({ writer: { id: expect.stringMatching(/.\/\w+$/) } });
});

test.each([
  ["/proc", "nothing can be made there (ENOENT"],
  ["/sys", "permission denied (E"],
])("%s looks as if it could be written to, and ends the start", async (path, reason) => {
  await expect(start(path)).rejects.toThrow(`Cannot use --storage.path "${path}": ${reason}`);
});

test("a start that fails leaves the folder to the next", async () => {
  await using folder = await createTempFolder();
  await writeFile(join(folder.path, "state.json"), "");
  const path = join(folder.path, "state.json");
  await expect(start(path)).rejects.toThrow("expected a folder");
  await using _keeper = await start(folder.path);
});

test("warns where other processes cannot be kept out", async () => {
  const token = Math.floor(seededRandom(7)() * 2 ** 48).toString(36);
  await using folder = await createTempFolder({ [`state.json.lock.${token}.new`]: "" });
  const log = createSinkLog();
  await using _keeper = await start(folder.path, seededRandom(7), log);
  expect(log.lines).toMatchObject([
    {
      level: "warn",
      message: "Other processes cannot be kept out of the storage folder",
      fields: { folder: folder.path, error: expect.stringContaining("EADDRINUSE") },
    },
  ]);
});

test("a pipe in place of the state is set aside at once", async () => {
  await using folder = await createTempFolder();
  execFileSync("/usr/bin/mkfifo", [join(folder.path, "state.json")]);
  const log = createSinkLog();
  await using _keeper = await start(folder.path, seededRandom(8), log);
  expect(log.lines).toMatchObject([
    {
      message: "Stored state cannot be used and was set aside",
      fields: { reason: expect.stringContaining("got a pipe or a device") },
    },
  ]);
});
