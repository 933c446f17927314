import type { Entry } from "./entry.ts";

/** So many share an array, so that a change of one copies some dozens of references and not those of all. */
const CHUNK = 32;

/** The entries of a state, in the order of the plan's targets. It never changes; `with` makes another. */
export class Entries {
  readonly length: number;
  readonly #chunks: readonly (readonly Entry[])[];
  #all: readonly Entry[] | undefined;

  private constructor(chunks: readonly (readonly Entry[])[], length: number) {
    this.#chunks = chunks;
    this.length = length;
  }

  static of(all: readonly Entry[]): Entries {
    const count = Math.ceil(all.length / CHUNK);
    const chunks = Array.from({ length: count }, (_, nth) => all.slice(nth * CHUNK, (nth + 1) * CHUNK));
    return new Entries(chunks, all.length);
  }

  /** As an array, made when it is first asked for: readers are few beside polls. */
  get all(): readonly Entry[] {
    this.#all ??= this.#chunks.flat();
    return this.#all;
  }

  at(position: number): Entry | undefined {
    return this.#chunks[Math.floor(position / CHUNK)]?.[position % CHUNK];
  }

  /** Without making the array, for what is asked after each poll. */
  every(is: (entry: Entry) => boolean): boolean {
    return this.#chunks.every((chunk) => chunk.every(is));
  }

  /** With another entry at a position that there is. */
  with(position: number, entry: Entry): Entries {
    const nth = Math.floor(position / CHUNK);
    const chunk = this.#chunks[nth] ?? [];
    return new Entries(this.#chunks.with(nth, chunk.with(position % CHUNK, entry)), this.length);
  }
}
