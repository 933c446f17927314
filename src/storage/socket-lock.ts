import { once } from "node:events";
import { constants, link, open, readdir, rm, stat } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { codeOf, fileErrorText } from "../base/file-error.ts";

/** So many bytes of a socket's path every system takes. */
const LONGEST_SOCKET_PATH = 103;

/** Nobody can be kept out of the folder, which may be usable all the same. */
export class NoLockError extends Error {
  override readonly name = "NoLockError";
}

/**
 * Holds a folder by a Unix socket in it, which the kernel closes however this process ends; undefined when another process
 * holds it. Its name is `name` with a number. `token` is this process's alone. Rejects with a NoLockError where no socket can be
 * made, and with what the operating system says when nobody can tell whether the folder is held. `list`: the names in a folder.
 */
export async function holdFolder(
  folder: string,
  name: string,
  token: string,
  list: (folder: string) => Promise<string[]> = (path) => readdir(path),
): Promise<AsyncDisposable | undefined> {
  await using started = new AsyncDisposableStack();
  const unnumbered = `${name}.${token}.new`;
  const pathOf = (file: string): string => join(folder, file);
  const address = await addressesIn(folder, unnumbered, started).catch(noLock);
  const server = createServer((socket) => socket.destroy()).unref();
  started.defer(() => void server.close());
  // Whoever may enter the folder may ask: a process of another user too has to see that nobody is there.
  server.listen({ path: address(unnumbered), readableAll: true, writableAll: true });
  await once(server, "listening").catch(noLock);
  const { ino } = await stat(pathOf(unnumbered), { bigint: true });
  /** Whether any but the socket of this number is listened on. */
  async function isHeldByAnother(numbers: readonly number[], own?: number): Promise<boolean> {
    for (const number of numbers)
      if (number !== own && (await isHeld(address(`${name}.${number}`)))) return true;
    return false;
  }
  async function remove(number: number): Promise<void> {
    await rm(pathOf(`${name}.${number}`), { recursive: true, force: true });
  }

  // A socket gets its number once it listens, so that one that refuses is nobody's for good. Numbers only grow: a dead one keeps
  // its own until the next holds the folder, and of several who found it dead one alone can have the next. Whoever has a number
  // looks again, since it may have been a slow one: of two that have one each, the later has seen the other.
  try {
    for (;;) {
      const before = numbersOf(await list(folder), name);
      if (await isHeldByAnother(before)) return undefined;
      const own = Math.max(0, ...before) + 1;
      if (!(await linked(pathOf(unnumbered), pathOf(`${name}.${own}`)))) continue;
      const after = numbersOf(await list(folder), name);
      if (Math.max(...after) > own || (await isHeldByAnother(after, own))) {
        await remove(own);
        continue;
      }
      for (const number of after) if (number !== own) await remove(number);
      started.defer(async () => {
        // Another machine's process cannot see that this one lives, and may have removed it.
        const last = await stat(pathOf(`${name}.${own}`), { bigint: true }).catch(() => undefined);
        if (last?.ino === ino) await remove(own);
      });
      return started.move();
    }
  } finally {
    await rm(pathOf(unnumbered), { force: true });
  }
}

function numbersOf(names: readonly string[], name: string): number[] {
  return names.flatMap((each) => {
    const number = each.startsWith(`${name}.`) ? each.slice(name.length + 1) : "";
    return /^[1-9]\d{0,8}$/.test(number) ? [Number(number)] : [];
  });
}

/** How a socket in the folder is called: by a descriptor of the folder where its path is too long. */
async function addressesIn(
  folder: string,
  longestName: string,
  started: AsyncDisposableStack,
): Promise<(name: string) => string> {
  if (Buffer.byteLength(join(folder, longestName)) <= LONGEST_SOCKET_PATH)
    return (name) => join(folder, name);
  const { fd } = started.use(await open(folder, constants.O_RDONLY | constants.O_DIRECTORY));
  return (name) => `/proc/self/fd/${fd}/${name}`;
}

/** Gives a file a second name; false when something of that name is there. */
async function linked(from: string, to: string): Promise<boolean> {
  return await link(from, to).then(
    () => true,
    (error: unknown) => (codeOf(error) === "EEXIST" ? false : noLock(error)),
  );
}

/** Whether a process listens there. */
async function isHeld(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    const code = codeOf(error);
    // EAGAIN: more have asked than it has seen, since it is stopped.
    if (code !== "EAGAIN" && code !== "ECONNREFUSED" && code !== "ENOENT") throw error;
    return code === "EAGAIN";
  } finally {
    socket.destroy();
  }
}

function noLock(error: unknown): never {
  throw new NoLockError(fileErrorText(error), { cause: error });
}
