import { constants, open } from "node:fs/promises";
import { fileErrorText } from "../base/file-error.ts";

/** A credential's file as it was at one moment. */
export interface SecretFile {
  /** Without the white space around it: one word of printable ASCII. */
  readonly text: string;
  /** Differs for every other content and place of it; the same text may have several. */
  readonly version: string;
  readonly mode: number;
}

/** Far more than any credential, far less than what hurts. */
const MOST_BYTES = 64 * 1024;

/** Reads it, symbolic links followed. Throws an Error whose message ends the sentence "Cannot use the file x: ...", without any content. */
export async function readSecretFile(path: string): Promise<SecretFile> {
  // A pipe without a writer would hold a plain open() for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw new Error(fileErrorText(error), { cause: error });
  });
  try {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) throw new Error("expected a regular file");
    if (stats.size > MOST_BYTES) throw new Error(`expected a credential, got ${stats.size} bytes`);
    const text = (await file.readFile("utf8")).trim();
    if (text === "") throw new Error("it is empty");
    if (!/^[\x21-\x7e]+$/.test(text)) {
      throw new Error(
        "expected one word of printable ASCII, got white space, control or other characters in it",
      );
    }
    const version = [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(":");
    return { text, version, mode: Number(stats.mode) & 0o777 };
  } finally {
    await file.close();
  }
}
