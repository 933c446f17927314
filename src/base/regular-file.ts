import type { BigIntStats } from "node:fs";
import { constants, open } from "node:fs/promises";

/** More than any file that we read holds; so much fits into memory without harm. */
const MOST_BYTES = 64 * 1024 * 1024;

/** There is something of that name, but no file to read; the message says what was expected. */
export class NoRegularFileError extends Error {
  override readonly name = "NoRegularFileError";
}

/** A file as it was at one moment. */
export interface RegularFile {
  readonly bytes: Buffer;
  readonly stats: BigIntStats;
}

/**
 * Reads a whole file, symbolic links followed. A pipe, a device or a folder is refused at once, and so is a file of more
 * bytes than are welcome. Throws a NoRegularFileError or what the operating system says.
 */
export async function readRegularFile(path: string, mostBytes = MOST_BYTES): Promise<RegularFile> {
  // A pipe without a writer would hold a plain open() for ever.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat({ bigint: true });
  if (stats.isDirectory()) throw new NoRegularFileError("it is a folder");
  if (!stats.isFile()) throw new NoRegularFileError("expected a regular file, got a pipe or a device");
  if (stats.size > mostBytes)
    throw new NoRegularFileError(`expected at most ${mostBytes} bytes, got ${stats.size}`);
  return { bytes: await file.readFile(), stats };
}
