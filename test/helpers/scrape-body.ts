import { gzipSync } from "node:zlib";
import type { Scrape, ScrapeBody } from "../../src/metrics/scrape.ts";

/** A body of these pieces, that tells when it is given back. */
export function scrapeBody(
  pieces: readonly (string | Buffer)[],
  returned: () => void = () => undefined,
): ScrapeBody {
  return { pieces: pieces.map((piece) => Buffer.from(piece)), [Symbol.dispose]: returned };
}

/** A scrape that gives this text, compressed for those who ask. */
export function scrapeOf(text: (request: Parameters<Scrape>[0]) => string): Scrape {
  return async (request) =>
    scrapeBody([request.encoding === "gzip" ? gzipSync(text(request)) : text(request)]);
}
