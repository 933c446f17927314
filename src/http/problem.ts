import type { FastifyReply } from "fastify";
import type { Site } from "./site.ts";

export const HTML_TYPE = "text/html; charset=utf-8";
export const TEXT_TYPE = "text/plain; charset=utf-8";
export const JSON_TYPE = "application/json; charset=utf-8";

/** An error as whoever asked can read it: JSON under `/api`, a line of text for people at a terminal elsewhere. */
export function answerProblem(
  reply: FastifyReply,
  { routePrefix }: Site,
  code: number,
  message: string,
): FastifyReply {
  const isApi = reply.request.originalUrl.startsWith(`${routePrefix}/api/`);
  return isApi
    ? reply
        .code(code)
        .type(JSON_TYPE)
        .send(`${JSON.stringify({ error: message })}\n`)
    : reply.code(code).type(TEXT_TYPE).send(`${message}\n`);
}
