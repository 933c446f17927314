/** UTF-8 takes at most this many bytes for a UTF-16 code unit. */
const MOST_BYTES_PER_UNIT = 3;

/** A copy of `source` with stretches replaced by texts, from front to back. Of an empty source: a text that grows. */
export class ByteEdit {
  readonly #source: Buffer;
  #target: Buffer;
  #length = 0;
  /** Where in the source the part begins that is neither copied nor replaced yet. */
  #rest = 0;
  /** Where in that part a text of the same length is to be written over it, and the text. */
  readonly #overwrites: [at: number, ascii: string][] = [];

  /** `target`: what is written to, as far as it suffices. */
  constructor(source: Buffer, target: Buffer) {
    this.#source = source;
    this.#target = target;
  }

  /** How much further back, in bytes, the rest of the source will be in the result. */
  get shift(): number {
    return this.#length - this.#rest;
  }

  /** The bytes from `start` to `end` of the source, which are behind all that was replaced before, become `text`. */
  replace(start: number, end: number, text: string): void {
    this.#copyUntil(start);
    this.#reserve(text.length * MOST_BYTES_PER_UNIT);
    this.#length += this.#target.write(text, this.#length);
    this.#rest = end;
  }

  /** As `replace`, for ASCII. One that takes as many bytes as before is written later, into a longer copy. */
  replaceAscii(start: number, end: number, ascii: string): void {
    if (ascii.length === end - start) this.#overwrites.push([start, ascii]);
    else this.replace(start, end, ascii);
  }

  /** The result, and the memory that it begins in; nothing may be replaced after it. */
  finish(): { readonly bytes: Buffer; readonly memory: Buffer } {
    this.#copyUntil(this.#source.length);
    return { bytes: this.#target.subarray(0, this.#length), memory: this.#target };
  }

  #copyUntil(end: number): void {
    if (end === this.#rest) return;
    this.#reserve(end - this.#rest);
    const target = this.#target;
    const { shift } = this;
    this.#length += this.#source.copy(target, this.#length, this.#rest, end);
    this.#rest = end;
    for (const [at, ascii] of this.#overwrites) {
      // A call into Buffer costs more than the few characters of a number.
      for (let index = 0; index < ascii.length; index += 1)
        target[at + shift + index] = ascii.charCodeAt(index);
    }
    this.#overwrites.length = 0;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#target.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.ceil(needed * 1.25));
    this.#target.copy(grown, 0, 0, this.#length);
    this.#target = grown;
  }
}
