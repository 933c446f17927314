import { once } from "node:events";
import { readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdFolder, NoLockError } from "../../src/storage/socket-lock.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

/** Lists a folder, after what another process does there just before the look of that number. */
function withAnother(lookNumber: number, act: (folder: string) => Promise<unknown>) {
  let looks = 0;
  return async (folder: string): Promise<string[]> => {
    looks += 1;
    if (looks === lookNumber) await act(folder);
    return await readdir(folder);
  };
}

async function listenOn(path: string): Promise<Server> {
  const server = createServer().listen(path);
  await once(server, "listening");
  return server;
}

test("holdFolder() gives way to one that took a higher number meanwhile", async () => {
  await using folder = await createTempFolder();
  let server: Server | undefined;
  const list = withAnother(2, async () => {
    server = await listenOn(join(folder.path, "lock.7"));
  });
  expect(await holdFolder(folder.path, "lock", "a", list)).toBeUndefined();
  expect(await readdir(folder.path)).toEqual(["lock.7"]);
  server?.close();
});

test("holdFolder() takes the next number where the higher one is nobody's any more", async () => {
  await using folder = await createTempFolder();
  const list = withAnother(2, async () => {
    await using _dead = await listenOn(join(folder.path, "other"));
    await writeFile(join(folder.path, "lock.7"), "");
  });
  await using held = await holdFolder(folder.path, "lock", "a", list);
  expect(held).toBeDefined();
  expect(await readdir(folder.path)).toEqual(["lock.8"]);
});

test("holdFolder() looks again where its number was taken before it had it", async () => {
  await using folder = await createTempFolder();
  let looks = 0;
  const list = async (path: string): Promise<string[]> => {
    looks += 1;
    const names = await readdir(path);
    if (looks === 1) await writeFile(join(path, "lock.1"), "");
    return names;
  };
  await using _held = await holdFolder(folder.path, "lock", "a", list);
  expect(await readdir(folder.path)).toEqual(["lock.2"]);
});

test("holdFolder() says that nobody can be kept out where the socket cannot get its name", async () => {
  await using folder = await createTempFolder();
  const list = withAnother(1, async (path) => await rm(join(path, "lock.a.new")));
  await expect(holdFolder(folder.path, "lock", "a", list)).rejects.toThrow(NoLockError);
});

test("holdFolder() ends where its socket was removed by another machine", async () => {
  await using folder = await createTempFolder();
  {
    await using _held = await holdFolder(folder.path, "lock", "a");
    await rm(join(folder.path, "lock.1"));
  }
  expect(await readdir(folder.path)).toEqual([]);
});
