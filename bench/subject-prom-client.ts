import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { changeShare, estateOf } from "./estate.ts";
import { createPromClientRegistry } from "./prom-client-registry.ts";
import { serve } from "./serve.ts";
import type { Subject, SubjectOptions } from "./subject.ts";

const compress = promisify(gzip);

/** prom-client as its manual shows it, with the same rows, compressed at the level that we use. */
export async function startPromClient({ interconnects, format }: SubjectOptions): Promise<Subject> {
  let state = estateOf(interconnects);
  let round = 0;
  const { registry, follow } = createPromClientRegistry(state, format);
  async function body(gzipped: boolean): Promise<Buffer | string> {
    const text = await registry.metrics();
    return gzipped ? compress(text, { level: constants.Z_BEST_SPEED }) : text;
  }
  const port = await serve((request, response) => {
    const gzipped = request.headers["accept-encoding"] === "gzip";
    response.setHeader("Content-Type", registry.contentType);
    if (gzipped) response.setHeader("Content-Encoding", "gzip");
    void body(gzipped).then((bytes) => response.end(bytes));
  });
  return {
    port,
    change(share) {
      round += 1;
      state = changeShare(state, share, round);
      follow(state);
    },
    build: () => registry.metrics(),
  };
}
