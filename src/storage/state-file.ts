import { constants } from "node:fs";
import { access, mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { readRegularFile } from "../base/regular-file.ts";

/** The file `state.json` in a folder of its own, which is only ever replaced as a whole. */
export interface StateFile {
  readonly path: string;
  /** What the file holds; undefined when there is none. */
  readonly read: () => Promise<string | undefined>;
  /** Replaces the file: whoever reads it, even after a crash of the machine, finds the old lines or these. */
  readonly write: (lines: Iterable<string>) => Promise<void>;
  /** Renames a file that cannot be used, so that somebody can look at it; resolves to its new path. */
  readonly setAside: (unixMs: number) => Promise<string>;
}

/** So much is handed to the kernel at once; the event loop turns in between. */
const CHUNK_CHARACTERS = 64 * 1024;

const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = constants;
const WRITE = O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK;

/** Why a folder cannot be used, for people, by the code of the error. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOTDIR: "expected a folder, there is a file of that name",
  EEXIST: "expected a folder, there is a file of that name",
};

/** Opens the folder, and makes it when there is none. Rejects with a message for people when it cannot be written to. */
export async function openStateFile(folder: string): Promise<StateFile> {
  await makeFolder(folder).catch((error: NodeJS.ErrnoException) => {
    const reason = REASONS[String(error.code)] ?? error.message;
    throw new Error(`Cannot use --storage.path ${JSON.stringify(folder)}: ${reason}`, { cause: error });
  });
  const path = join(folder, "state.json");
  const temporary = `${path}.tmp`;
  return {
    path,
    async read() {
      try {
        return (await readRegularFile(path)).bytes.toString("utf8");
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    async write(lines) {
      await writeLines(temporary, lines);
      await rename(temporary, path);
      await syncFolder(folder);
    },
    async setAside(unixMs) {
      const aside = `${path}.${new Date(unixMs).toISOString().replaceAll(/\W/g, "")}.unusable`;
      await rename(path, aside);
      return aside;
    },
  };
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o750 });
  await access(path, constants.W_OK | constants.X_OK);
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  // A pipe in its place that nobody reads would hold a plain open() for ever.
  await using file = await open(path, WRITE, 0o640);
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
