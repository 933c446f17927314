import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { link, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStorageFolder, unusableFolder } from "../../src/storage/storage-folder.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

const IN_USE = "another process uses it; end that one, or give this one a folder of its own";
const LOCK = "state.json.lock.1";
const NEXT = "state.json.lock.2";
/** Longer than a socket's path may be. */
const LONG = "long-".repeat(40);

let tokens = 0;
const token = (): string => `t${(tokens += 1)}`;

/** Leaves a socket behind that nobody listens on, as after kill -9. */
async function leaveDeadSocket(folder: string): Promise<void> {
  const server = createServer().listen(join(folder, "s"));
  await once(server, "listening");
  await link(join(folder, "s"), join(folder, LOCK));
  server.close();
  await once(server, "close");
}

test("makes the folder with its parents, and leaves nothing in it", async () => {
  await using parent = await createTempFolder();
  const path = join(parent.path, "a/b");
  {
    await using folder = await openStorageFolder(path, token());
    expect(folder.notHeld).toBeUndefined();
    expect(await readdir(path)).toEqual([LOCK]);
  }
  expect(await readdir(path)).toEqual([]);
  expect((await stat(path)).mode & 0o777).toBe(0o750);
});

test.each(["folder", LONG])("a second process is kept out, until the first has ended: %s", async (name) => {
  await using parent = await createTempFolder();
  const path = join(parent.path, name);
  {
    await using _first = await openStorageFolder(path, token());
    for (let turn = 0; turn < 3; turn += 1)
      await expect(openStorageFolder(path, token())).rejects.toThrow(
        `Cannot use --storage.path ${JSON.stringify(path)}: ${IN_USE}`,
      );
    expect(await readdir(path)).toEqual([LOCK]);
  }
  await using again = await openStorageFolder(path, token());
  expect(again.notHeld).toBeUndefined();
});

test("a socket that nobody listens on is taken over, by one alone of many at once", async () => {
  await using folder = await createTempFolder();
  await leaveDeadSocket(folder.path);
  const opened = await Promise.allSettled(
    Array.from({ length: 10 }, () => openStorageFolder(folder.path, token())),
  );
  const winners = opened.filter(({ status }) => status === "fulfilled");
  expect(winners).toHaveLength(1);
  expect((await readdir(folder.path)).filter((name) => name !== "s")).toEqual([NEXT]);
  await expect(openStorageFolder(folder.path, token())).rejects.toThrow(IN_USE);
  for (const each of opened) if (each.status === "fulfilled") await each.value[Symbol.asyncDispose]();
});

test("a process that is stopped has its folder all the same, however many ask", async () => {
  await using folder = await createTempFolder();
  // It listens and never looks.
  const child = fork(new URL("../helpers/stopped-listener.ts", import.meta.url), [join(folder.path, LOCK)]);
  try {
    await once(child, "message");
    child.kill("SIGSTOP");
    for (let turn = 0; turn < 5; turn += 1)
      await expect(openStorageFolder(folder.path, token())).rejects.toThrow(IN_USE);
  } finally {
    child.kill("SIGKILL");
  }
});

test("what another machine's process has taken is left to it at the end", async () => {
  await using folder = await createTempFolder();
  {
    await using _first = await openStorageFolder(folder.path, token());
    execFileSync("rm", [join(folder.path, LOCK)]);
    await writeFile(join(folder.path, LOCK), "");
  }
  expect(await readdir(folder.path)).toEqual([LOCK]);
});

test.each([
  ["/proc/storage", "nothing can be made there (ENOENT"],
  ["/proc/storage/below", "nothing can be made there (ENOENT"],
  ["/dev/null", "expected a folder, there is a file of that name"],
  ["/dev/null/below", "expected a folder, there is a file of that name"],
  ["x".repeat(300), "its path is too long"],
])("%s is no folder to be made", async (path, reason) => {
  await expect(openStorageFolder(path, token())).rejects.toThrow(
    `Cannot use --storage.path ${JSON.stringify(path)}: ${reason}`,
  );
});

test("what is a file, below a file or a link in a circle is no folder", async () => {
  await using folder = await createTempFolder({ file: "" });
  await symlink("loop", join(folder.path, "loop"));
  await symlink("nowhere", join(folder.path, "dangling"));
  for (const name of ["file", "file/below", "loop", "dangling"])
    await expect(openStorageFolder(join(folder.path, name), token())).rejects.toThrow(
      "expected a folder, there is a file of that name",
    );
});

test("a name that cannot be asked is not taken", async () => {
  await using folder = await createTempFolder();
  await symlink(LOCK, join(folder.path, LOCK));
  await expect(openStorageFolder(folder.path, token())).rejects.toThrow("ELOOP");
  expect(await readdir(folder.path)).toEqual([LOCK]);
});

test("what is there and no socket holds nothing", async () => {
  await using folder = await createTempFolder({ [`${LOCK}/below`]: "" });
  await using opened = await openStorageFolder(folder.path, token());
  expect(opened.notHeld).toBeUndefined();
  expect(await readdir(folder.path)).toEqual([NEXT]);
});

test("where no socket can be made the folder is usable, and says why others are not kept out", async () => {
  await using folder = await createTempFolder({ "state.json.lock.taken.new": "" });
  await using opened = await openStorageFolder(folder.path, "taken");
  expect(opened.notHeld).toContain("EADDRINUSE");
  expect(await readdir(folder.path)).toEqual(["state.json.lock.taken.new"]);
});

test("what is no error of the system is told as it is", () => {
  expect(unusableFolder("x", "odd").message).toBe('Cannot use --storage.path "x": odd');
  expect(unusableFolder("x", Object.assign(new Error("write"), { code: "ENOSPC" })).message).toBe(
    'Cannot use --storage.path "x": its disk is full (write)',
  );
});

test("a folder that several make at once is made, and is one's alone", async () => {
  await using parent = await createTempFolder();
  const path = join(parent.path, "a/b");
  const opened = await Promise.allSettled(Array.from({ length: 5 }, () => openStorageFolder(path, token())));
  const winners = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  expect(winners).toHaveLength(1);
  await winners[0]?.[Symbol.asyncDispose]();
});
