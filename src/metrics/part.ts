import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";

/**
 * A stretch of a body that outlives a scrape, and with it whatever compressing it once has cost. Who reads it borrows
 * it for that time: the memory of a part that was replaced is written to again when nobody has it.
 */
export interface Part {
  readonly length: number;
  readonly borrow: () => Borrowed;
}

/** A part for as long as it is not disposed of. */
export interface Borrowed extends Disposable {
  readonly bytes: Buffer;
  readonly crc: () => number;
  /** Raw deflate that ends at a full flush: further deflate data, or the end, may follow it. */
  readonly deflated: () => Promise<Buffer>;
}

/** A part that its owner can take the memory of. */
export interface OwnedPart extends Part {
  /** The memory, to be written over, when nobody has the part, which nobody can borrow from then on; else undefined. */
  readonly reclaim: () => Buffer | undefined;
}

const OPTIONS = {
  // A few per cent larger than the default, at a third of the time.
  level: constants.Z_BEST_SPEED,
  finishFlush: constants.Z_FULL_FLUSH,
} as const;
/** Rows shrink to a thirtieth. Output comes in chunks of at least 1 KiB, each of which crosses threads. */
const EXPECTED_SHRINKING = 16;
const SMALLEST_CHUNK_BYTES = 1024;

const compress = promisify(deflateRaw);

type Deflate = (bytes: Buffer) => Promise<Buffer>;

/** On a thread of its own. */
const deflateElsewhere: Deflate = (bytes) => {
  const chunkSize = Math.max(SMALLEST_CHUNK_BYTES, Math.ceil(bytes.length / EXPECTED_SHRINKING));
  return compress(bytes, { ...OPTIONS, chunkSize });
};

/**
 * A part whose checksum and compressed form are made when first asked for, the latter off the event loop.
 * `memory`: what the bytes are a part of, and may grow to when it is written to again.
 */
export function createPart(bytes: Buffer, memory = bytes, deflate: Deflate = deflateElsewhere): OwnedPart {
  let crc: number | undefined;
  let deflated: Promise<Buffer> | undefined;
  let borrowers = 0;
  let isGone = false;

  function deflatedOnce(): Promise<Buffer> {
    if (deflated !== undefined) return deflated;
    deflated = deflate(bytes);
    // A want of memory passes: the next scrape tries again.
    deflated.catch(() => (deflated = undefined));
    return deflated;
  }

  return {
    length: bytes.length,
    borrow() {
      if (isGone) throw new Error("Expected a part whose memory was not taken back");
      borrowers += 1;
      let returned = false;
      return {
        bytes,
        crc: () => (crc ??= crc32(bytes)),
        deflated: deflatedOnce,
        [Symbol.dispose]() {
          if (!returned) borrowers -= 1;
          returned = true;
        },
      };
    },
    reclaim() {
      if (borrowers > 0) return undefined;
      isGone = true;
      return memory;
    },
  };
}
