import { z } from "zod";

/** A process that writes the state file. */
export interface Writer {
  /** The machine's name and what is this process's alone. */
  readonly id: string;
  /** When it began, or a moment after the writer before it where that one's clock is ahead. */
  readonly sinceMs: number;
}

/** Who writes next after whoever wrote the file so far. */
export function nextWriter(before: Writer | undefined, id: string, unixMs: number): Writer {
  return { id, sinceMs: Math.max(Math.round(unixMs), (before?.sinceMs ?? 0) + 1) };
}

/** Whether the file is the other's from now on: the newest wins, and of two that began at once always the same one. */
export function yieldsTo(own: Writer, other: Writer): boolean {
  return other.sinceMs > own.sinceMs || (other.sinceMs === own.sinceMs && other.id > own.id);
}

/** As the first line of the file holds it. */
export const writerField = z.codec(
  z.object({ id: z.string("expected text"), since_ms: z.int("expected a whole number") }),
  z.custom<Writer>(),
  {
    decode: ({ id, since_ms: sinceMs }) => ({ id, sinceMs }),
    encode: ({ id, sinceMs }) => ({ id, since_ms: sinceMs }),
  },
);

/** Who wrote a file, by its first line; undefined when that does not say. */
export function writerIn(firstLine: string): Writer | undefined {
  try {
    return z.object({ writer: writerField }).parse(JSON.parse(firstLine)).writer;
  } catch {
    return undefined;
  }
}
