import { crc32Combine } from "./crc32-combine.ts";
import type { Borrowed } from "./part.ts";

/** RFC 1952: magic, deflate, no flags, no time, fastest, Unix. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3]);
/** RFC 1951: a last block that holds nothing. */
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/** One gzip member of all parts. Each part is compressed once in its life, one at a time: a scrape holds one thread. */
export async function gzipMember(parts: readonly Borrowed[]): Promise<Buffer> {
  const pieces: Buffer[] = [HEADER];
  let crc = 0;
  let length = 0;
  for (const part of parts) {
    pieces.push(await part.deflated());
    crc = crc32Combine(crc, part.crc(), part.bytes.length);
    length += part.bytes.length;
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  return Buffer.concat([...pieces, LAST_BLOCK, trailer]);
}
