import { open, rename, rm } from "node:fs/promises";
import type { Random } from "../base/random.ts";

/** As node_exporter, which is another user, has to read it. */
const MODE = 0o644;

/**
 * Replaces a file as a whole, so that whoever reads it finds the old text or this one. The new one grows beside it under a
 * name that the textfile collector passes over. Rejects with what the operating system says.
 */
export async function writeTextfile(path: string, text: string, random: Random): Promise<void> {
  const temporary = `${path}.${Math.floor(random() * 2 ** 32).toString(36)}.tmp`;
  try {
    await using file = await open(temporary, "wx", MODE);
    // Whatever the umask is.
    await file.chmod(MODE);
    await file.writeFile(text);
    await file.sync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
