import { gzipSync } from "node:zlib";
import type { Scrape, ScrapeBody } from "../../src/metrics/scrape.ts";

/** A body of these pieces; `returned` is called when it is given back. */
export function scrapeBody(
  pieces: readonly (string | Buffer)[],
  returned: () => void = () => undefined,
): ScrapeBody {
  return { pieces: pieces.map((piece) => Buffer.from(piece)), [Symbol.dispose]: returned };
}

/** A scrape that always gives this text, compressed when that is asked for. */
export function scrapeOf(text: string): Scrape {
  return async ({ encoding }) => scrapeBody([encoding === "gzip" ? gzipSync(text) : text]);
}
