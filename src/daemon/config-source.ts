import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { isShortage } from "../base/file-error.ts";
import { readRegularFile } from "../base/regular-file.ts";
import type { LoadResult } from "../config/load.ts";

/** Where the configuration came from, so that it can be read again. */
export interface ConfigSource {
  /** Path of the config file, as given. */
  readonly file: string;
  /** Reads and validates everything anew. */
  readonly load: () => Promise<LoadResult>;
  /** Of the content in effect. */
  readonly hash: string;
  /** The files that the content in effect names. */
  readonly files: readonly string[];
  /** The files of its credentials, which are not watched here: who uses them reads them. */
  readonly secretFiles: readonly string[];
}

/**
 * What each file holds, as a hash, or why it cannot be read. By content, since the times of a file do not tell, and
 * through symbolic links, since Kubernetes swaps those. What a shortage of this machine keeps from being read is as before.
 */
export async function fingerprints(
  files: readonly string[],
  before: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, string]> => {
        try {
          return [
            file,
            createHash("sha256")
              .update((await readRegularFile(file)).bytes)
              .digest("hex"),
          ];
        } catch (error) {
          const last = before.get(file);
          if (last !== undefined && isShortage(error)) return [file, last];
          return [file, error instanceof Error && "code" in error ? String(error.code) : String(error)];
        }
      }),
    ),
  );
}

/**
 * What to say of each file that is in no folder any more: one that is mounted by itself into a container, while
 * outside another took its place. Whoever looks here sees the old one for ever.
 */
export async function cutOff(paths: ReadonlySet<string>): Promise<readonly string[]> {
  const files = [...paths];
  const links = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ nlink }) => nlink,
        () => undefined,
      ),
    ),
  );
  return files
    .filter((_, index) => links[index] === 0)
    .map(
      (file) =>
        `${file}: expected a file in a folder, got one that was replaced or deleted outside; mount its folder in place of the file, or restart`,
    );
}
