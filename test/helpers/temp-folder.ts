import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of its own for a test, removed with all that is in it when disposed of. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes the folder and the files in it; a file's name is relative to the folder. */
export async function createTempFolder(files: Readonly<Record<string, string>> = {}): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), "cie-test-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
