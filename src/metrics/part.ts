import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";

/** A stretch of a body that outlives a scrape, and with it whatever compressing it once has cost. */
export interface Part {
  readonly bytes: Buffer;
  readonly crc: () => number;
  /** Raw deflate that ends at a full flush: further deflate data, or the end, may follow it. */
  readonly deflated: () => Promise<Buffer>;
}

const OPTIONS = {
  // A few per cent larger than the default, at a third of the time.
  level: constants.Z_BEST_SPEED,
  finishFlush: constants.Z_FULL_FLUSH,
  // zlib's default of 16 KiB would cross threads once per 16 KiB of output.
  chunkSize: 128 * 1024,
} as const;

const compress = promisify(deflateRaw);

type Deflate = (bytes: Buffer) => Promise<Buffer>;

/** On a thread of its own. */
const deflateElsewhere: Deflate = (bytes) => compress(bytes, OPTIONS);

/** A part whose checksum and compressed form are made when first asked for, the latter off the event loop. */
export function createPart(bytes: Buffer, deflate: Deflate = deflateElsewhere): Part {
  let crc: number | undefined;
  let deflated: Promise<Buffer> | undefined;
  return {
    bytes,
    crc: () => (crc ??= crc32(bytes)),
    deflated() {
      if (deflated !== undefined) return deflated;
      deflated = deflate(bytes);
      // A want of memory passes: the next scrape tries again.
      deflated.catch(() => (deflated = undefined));
      return deflated;
    },
  };
}
