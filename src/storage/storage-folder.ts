import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { holdFolder, NoLockError } from "./socket-lock.ts";

const LOCK_NAME = "state.json.lock";

/** Why a folder cannot be used, for people, by the code of the error. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the quota of its disk is used up",
  EEXIST: "expected a folder, there is a file of that name",
  ENAMETOOLONG: "its path is too long",
  ENOENT: "nothing can be made there",
  ENOSPC: "its disk is full",
  ENOTDIR: "expected a folder, there is a file of that name",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

/** A folder that is there, and no other process's of this machine, until disposed of. */
export interface StorageFolder extends AsyncDisposable {
  readonly path: string;
  /** Why other processes cannot be kept out, as where a file system knows no sockets; undefined when they are. */
  readonly notHeld?: string;
}

/** Makes the folder when there is none and keeps others out. `token` is this process's alone. Rejects with a message for people. */
export async function openStorageFolder(path: string, token: string): Promise<StorageFolder> {
  try {
    await makeFolder(path);
    await access(path, constants.W_OK | constants.X_OK);
    const held = await holdFolder(path, LOCK_NAME, token);
    if (held !== undefined) return { path, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
  } catch (error) {
    if (error instanceof NoLockError)
      return { path, notHeld: error.message, [Symbol.asyncDispose]: async () => undefined };
    throw unusableFolder(path, error);
  }
  throw unusableFolder(
    path,
    new Error("another process uses it; end that one, or give this one a folder of its own"),
  );
}

/** With its parents. Not by Node's `recursive`, which tries for ever below /proc. */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o750 }).catch(async (error: unknown) => {
    // Another process may have been faster.
    if (!(await isFolder(path))) throw error;
  });
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Why the process cannot start with this folder, for people. */
export function unusableFolder(path: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = cause instanceof Error && "code" in cause ? REASONS[String(cause.code)] : undefined;
  const text = reason === undefined ? message : `${reason} (${message})`;
  return new Error(`Cannot use --storage.path ${JSON.stringify(path)}: ${text}`, { cause });
}
