import { constants, type FileHandle, open } from "node:fs/promises";

/** What a file system says that cannot do it; others of its calls may be as sure as they can be. */
const NOT_SUPPORTED: ReadonlySet<string> = new Set([
  "EACCES",
  "EBADF",
  "EINVAL",
  "EISDIR",
  "ENOSYS",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EPERM",
]);

/** Brings a file to the disk, where its file system has a word for that. */
export async function syncFile(file: Pick<FileHandle, "sync">): Promise<void> {
  await file.sync().catch(passOver);
}

/** Brings the names in a folder to the disk: a new one is only sure then. */
export async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    await folder.sync();
  } catch (error) {
    passOver(error);
  }
}

function passOver(error: unknown): void {
  if (error instanceof Error && "code" in error && NOT_SUPPORTED.has(String(error.code))) return;
  throw error;
}
