import { once } from "node:events";
import { constants, link, open, rename, rm, stat, unlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";

/** So many bytes of a socket's path every system takes. */
const LONGEST_SOCKET_PATH = 103;

/** Nobody can be kept out of the folder, which may be usable all the same. */
export class NoLockError extends Error {
  override readonly name = "NoLockError";
}

/**
 * Holds `name` in the folder by a Unix socket, which the kernel closes however this process ends; undefined when another
 * process holds it. `token` is this process's alone. Rejects with a NoLockError where no socket can be made, and with what the
 * operating system says when nobody can tell whether the name is held.
 */
export async function holdSocket(
  folder: string,
  name: string,
  token: string,
): Promise<AsyncDisposable | undefined> {
  await using started = new AsyncDisposableStack();
  const path = join(folder, name);
  const own = `${name}.${token}`;
  const ownPath = join(folder, own);
  const dead = `${own}.dead`;
  const address = await addressesIn(folder, dead, started).catch(noLock);
  const server = createServer((socket) => socket.destroy()).unref();
  started.defer(() => void server.close());
  // Whoever may enter the folder may ask: a process of another user too has to see that nobody is there.
  server.listen({ path: address(own), readableAll: true, writableAll: true });
  await once(server, "listening").catch(noLock);
  // It gets the name once it listens: a name whose socket refuses is nobody's.
  const { ino } = await stat(ownPath, { bigint: true });
  try {
    while (!(await linked(ownPath, path))) {
      if (await isHeld(address(name))) return undefined;
      await removeDead(path, join(folder, dead), address(dead));
    }
  } finally {
    await unlink(ownPath);
  }
  started.defer(async () => {
    // Another machine's process cannot see that this one lives, and may have taken it.
    const last = await stat(path, { bigint: true }).catch(() => undefined);
    if (last?.ino === ino) await unlink(path);
  });
  return started.move();
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
    const code = String(codeOf(error));
    // EAGAIN: more have asked than it has seen, since it is stopped.
    if (code !== "EAGAIN" && code !== "ECONNREFUSED" && code !== "ENOENT") throw error;
    return code === "EAGAIN";
  } finally {
    socket.destroy();
  }
}

/** Of several who found the same one dead, another may have taken the name meanwhile: what was moved is looked at again. */
async function removeDead(path: string, asidePath: string, asideAddress: string): Promise<void> {
  try {
    await rename(path, asidePath);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (await isHeld(asideAddress)) await linked(asidePath, path);
  await rm(asidePath, { recursive: true });
}

function noLock(error: unknown): never {
  throw new NoLockError(error instanceof Error ? error.message : String(error), { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
