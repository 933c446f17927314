import { createHash } from "node:crypto";
import { fileErrorText, isShortage } from "../../base/file-error.ts";
import { readRegularFile } from "../../base/regular-file.ts";

/** The content of a file, or why there is none. */
type FileContent =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly why: string; readonly isShortage: boolean };

/** Reads files and remembers what was in them, so that a later look can tell whether anything has changed. */
export interface FileReader {
  read(path: string): Promise<FileContent>;
  /** Of all that was read so far, with its order. */
  digest(): string;
  paths(): readonly string[];
  /** Whether a shortage of this machine kept it from reading one of them. */
  isShort(): boolean;
}

export function createFileReader(): FileReader {
  const contents = new Map<string, FileContent>();
  return {
    async read(path) {
      const content = await readContent(path);
      contents.set(path, content);
      return content;
    },
    digest() {
      const hash = createHash("sha256");
      for (const [path, content] of contents) {
        const part = content.ok ? content.bytes : content.why;
        hash.update(`${path.length}:${path}${content.ok ? "+" : "-"}${part.length}:`).update(part);
      }
      return hash.digest("hex");
    },
    paths: () => [...contents.keys()],
    isShort: () => [...contents.values()].some((content) => !content.ok && content.isShortage),
  };
}

/** The digest that a reader of the same files, in the same order, has now; undefined when a shortage keeps it from telling. */
export async function digestNow(paths: readonly string[]): Promise<string | undefined> {
  const reader = createFileReader();
  for (const path of paths) await reader.read(path);
  return reader.isShort() ? undefined : reader.digest();
}

async function readContent(path: string): Promise<FileContent> {
  try {
    return { ok: true, bytes: (await readRegularFile(path)).bytes };
  } catch (error) {
    return { ok: false, why: fileErrorText(error), isShortage: isShortage(error) };
  }
}
