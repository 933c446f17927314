import { gzipSync } from "node:zlib";
import type { Scrape, ScrapeBody } from "../../src/metrics/scrape.ts";

/** A body of these pieces. */
export function scrapeBody(pieces: readonly (string | Buffer)[]): ScrapeBody {
  return pieces.map((piece) => Buffer.from(piece));
}

/** A scrape that always gives this text, compressed when that is asked for. */
export function scrapeOf(text: string): Scrape {
  return async ({ encoding }) => scrapeBody([encoding === "gzip" ? gzipSync(text) : text]);
}
