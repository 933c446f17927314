import { constants } from "node:fs";
import { access, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

/** A folder with one file of ours in it, which is only ever replaced as a whole. */
export interface Storage {
  readonly file: string;
  /** What the file holds; undefined when there is none. */
  readonly read: () => Promise<string | undefined>;
  /** Replaces the file: whoever reads it, even after a crash of the machine, finds the old lines or these. */
  readonly write: (lines: Iterable<string>) => Promise<void>;
  /** Renames a file that cannot be used, so that somebody can look at it; resolves to its new path. */
  readonly setAside: (unixMs: number) => Promise<string>;
}

/** So much is handed to the kernel at once; the event loop turns in between. */
const CHUNK_CHARACTERS = 64 * 1024;

/** Opens the folder, and makes it when there is none. Rejects with a message for people when it cannot be written to. */
export async function openStorage(folder: string): Promise<Storage> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`Cannot use --storage.path ${JSON.stringify(folder)}: ${explain(error)}`, {
      cause: error,
    });
  }
  const file = join(folder, "state.json");
  const temporary = `${file}.tmp`;
  return {
    file,
    async read() {
      try {
        return await readFile(file, "utf8");
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
      }
    },
    async write(lines) {
      await writeLines(temporary, lines);
      await rename(temporary, file);
      await syncFolder(folder);
    },
    async setAside(unixMs) {
      const aside = `${file}.${new Date(unixMs).toISOString().replaceAll(/\W/g, "")}.unusable`;
      await rename(file, aside);
      return aside;
    },
  };
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  await using file = await open(path, "w", 0o640);
  let chunk = "";
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    await file.writeFile(chunk);
    chunk = "";
  }
  await file.writeFile(chunk);
  await file.sync();
}

/** The new name is only sure once the folder is on the disk too. */
async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function explain(error: unknown): string {
  const code = codeOf(error);
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "EROFS") return "the file system is read-only";
  if (code === "ENOTDIR" || code === "EEXIST") return "expected a folder, there is a file of that name";
  return error instanceof Error ? error.message : String(error);
}
