import { open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { readRegularFile, readStartOfFile } from "../base/regular-file.ts";
import { syncFile, syncFolder } from "./sync.ts";

/** The file `state.json` in a folder of its own, which is only ever replaced as a whole. */
export interface StateFile {
  readonly path: string;
  /** What the file holds; undefined when there is none. */
  readonly read: () => Promise<string | undefined>;
  /** Its first line; `""` when there is none that can be read. */
  readonly readFirstLine: () => Promise<string>;
  /** Replaces the file: whoever reads it, even after a crash of the machine, finds the old lines or these. */
  readonly write: (lines: Iterable<string>) => Promise<void>;
  /** Renames a file that cannot be used, so that somebody can look at it; resolves to its new path. */
  readonly setAside: (unixMs: number) => Promise<string>;
  /** Removes what processes before left behind that were killed while they wrote. */
  readonly removeLeftovers: () => Promise<void>;
}

/** So much is handed to the kernel at once; the event loop turns in between. */
const CHUNK_CHARACTERS = 64 * 1024;

/** More than the first line of any state. */
const FIRST_LINE_BYTES = 1024;

/** What a process leaves behind that was killed while it wrote; those before had no token. */
const LEFTOVER = /^state\.json\.(?:\w+\.)?tmp$/;

/** The state file of a folder. `token` is this process's alone, so that no two write to the same file at once. */
export function openStateFile(folder: string, token: string): StateFile {
  const path = join(folder, "state.json");
  const temporary = `${path}.${token}.tmp`;
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
    async readFirstLine() {
      try {
        const start = await readStartOfFile(path, FIRST_LINE_BYTES);
        return start.toString("utf8").replace(/\n.*/s, "");
      } catch {
        return "";
      }
    },
    async write(lines) {
      try {
        await writeLines(temporary, lines);
        await rename(temporary, path);
      } catch (error) {
        // A full disk needs its room.
        await rm(temporary, { force: true }).catch(() => undefined);
        throw error;
      }
      await syncFolder(folder);
    },
    async setAside(unixMs) {
      const aside = `${path}.${new Date(unixMs).toISOString().replaceAll(/\W/g, "")}.unusable`;
      await rename(path, aside);
      return aside;
    },
    async removeLeftovers() {
      // What cannot be removed does no harm.
      const names = await readdir(folder).catch(() => []);
      const left = names.filter((name) => LEFTOVER.test(name));
      await Promise.allSettled(left.map((name) => rm(join(folder, name), { recursive: true })));
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
  await syncFile(file);
}
