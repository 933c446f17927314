import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { FORMATS } from "../../metrics/exposition.ts";
import { acceptsGzip, negotiateFormat } from "./negotiate.ts";
import type { HttpPorts } from "../http-ports.ts";

/** Pieces that are smaller in sum are joined: one write costs less than copying them. */
const JOIN_BYTES = 128 * 1024;

/** `/metrics`: format and encoding by the request's headers, families by `name[]`. */
export function addMetricsRoute(app: FastifyInstance, { telemetryPath, scrape }: HttpPorts): void {
  app.get<{ Querystring: Readonly<Record<string, string | string[]>> }>(
    telemetryPath,
    async (request, reply) => {
      const { accept, "accept-encoding": acceptEncoding } = request.headers;
      const format = negotiateFormat(accept);
      const encoding = acceptsGzip(acceptEncoding) ? "gzip" : "identity";
      const pieces = await scrape({ format, encoding, names: [request.query["name[]"] ?? []].flat() });
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      reply.type(FORMATS[format]).header("Vary", "Accept, Accept-Encoding").header("Content-Length", length);
      if (encoding === "gzip") reply.header("Content-Encoding", "gzip");
      const [only] = pieces;
      if (pieces.length === 1) return reply.send(only);
      return reply.send(length <= JOIN_BYTES ? Buffer.concat(pieces) : streamed(pieces));
    },
  );
}

/** Each piece is handed over as the client takes it, so that a large body is never copied into one. */
function streamed(pieces: readonly Buffer[]): Readable {
  return Readable.from(pieces, { objectMode: false });
}
