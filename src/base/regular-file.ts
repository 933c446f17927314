import type { BigIntStats } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";

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
  await using file = await openForReading(path);
  const stats = await regularStats(file);
  if (stats.size > mostBytes)
    throw new NoRegularFileError(
      `expected at most ${mostBytes} bytes, got ${stats.size}; is this the right file?`,
    );
  return { bytes: await file.readFile(), stats };
}

/** The first bytes of a file, however long it is. Throws as `readRegularFile()` does. */
export async function readStartOfFile(path: string, bytes: number): Promise<Buffer> {
  await using file = await openForReading(path);
  await regularStats(file);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
  return buffer.subarray(0, bytesRead);
}

function openForReading(path: string): Promise<FileHandle> {
  // A pipe without a writer would hold a plain open() for ever.
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

async function regularStats(file: FileHandle): Promise<BigIntStats> {
  const stats = await file.stat({ bigint: true });
  if (stats.isDirectory()) throw new NoRegularFileError("it is a folder");
  if (!stats.isFile()) throw new NoRegularFileError("expected a regular file, got a pipe or a device");
  return stats;
}
