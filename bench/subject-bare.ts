import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { nextTurn } from "../src/base/next-turn.ts";
import { FORMATS } from "../src/metrics/exposition.ts";
import { createInterconnectRows } from "../src/metrics/interconnect-rows.ts";
import { createScrape } from "../src/metrics/scrape.ts";
import { estateOf } from "./estate.ts";
import { serve } from "./serve.ts";
import type { Subject, SubjectOptions } from "./subject.ts";

const compress = promisify(gzip);

/** A server that can do nothing but send a body made before, compressed each time: what any exporter at all must cost. */
export async function startBare({ interconnects, format }: SubjectOptions): Promise<Subject> {
  const state = estateOf(interconnects);
  const scrape = createScrape(
    createInterconnectRows(() => state, nextTurn),
    async () => [],
  );
  const pieces = await scrape({ format, encoding: "identity", names: [] });
  const identity = Buffer.concat(pieces);
  const port = await serve((request, response) => {
    const wantsGzip = request.headers["accept-encoding"] === "gzip";
    response.setHeader("Content-Type", FORMATS[format]);
    if (wantsGzip) response.setHeader("Content-Encoding", "gzip");
    if (!wantsGzip) response.end(identity);
    else void compress(identity, { level: constants.Z_BEST_SPEED }).then((bytes) => response.end(bytes));
  });
  return { port, change: () => undefined, build: async () => identity };
}
