import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";

/**
 * Follows the answers of a server; the returned function resolves once those under way are sent or dropped.
 * Node takes a connection for idle as soon as its answer is written, and closes it with what a slow reader has
 * not fetched yet.
 */
export function followAnswers(app: FastifyInstance): () => Promise<void> {
  const open = new Set<ServerResponse>();
  app.addHook("onRequest", async (_request, { raw }) => {
    open.add(raw);
    raw.once("close", () => open.delete(raw));
  });
  return async () => {
    await Promise.all(
      Array.from(open, (response) => new Promise<void>((resolve) => response.once("close", resolve))),
    );
  };
}
