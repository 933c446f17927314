import type { Http2Stream } from "node:http2";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../base/clock.ts";

/** Whoever has not taken the whole body by then is cut off. */
const READ_WITHIN_MS = 30_000;

/** Counts requests until their body is handed to the socket: a slow reader holds memory for a while, but no slot. */
export interface RequestSlots {
  /** False when as many as may be are under way. */
  readonly take: (request: FastifyRequest, reply: FastifyReply) => boolean;
  /** The body is about to be handed over. */
  readonly release: (request: FastifyRequest) => void;
}

export function createRequestSlots(most: number): RequestSlots {
  const held = new Set<FastifyRequest>();
  return {
    take(request, reply) {
      if (held.size >= most) return false;
      held.add(request);
      // A client that goes away before there is a body.
      onceClosed(reply, () => held.delete(request));
      return true;
    },
    release: (request) => void held.delete(request),
  };
}

/** Cuts the connection of a reader who has not taken its response in time; call it when the body is handed over. */
export function cutSlowReader(reply: FastifyReply, clock: Clock): void {
  const { raw, request } = reply;
  const done = new AbortController();
  onceClosed(reply, () => done.abort());
  // In HTTP/2 it is the error that tells the client that this is not the end of the body.
  clock.sleep(READ_WITHIN_MS, done.signal).then(
    () => raw.destroy(request.raw.httpVersionMajor === 2 ? new Error("Too slow a reader") : undefined),
    () => undefined,
  );
}

/** At once when the client has hung up already, which no event tells a second time. */
function onceClosed({ raw }: FastifyReply, act: () => void): void {
  // The response of HTTP/2 has no `closed`, but a stream that knows.
  const { closed } = "stream" in raw ? (raw.stream as Http2Stream) : raw;
  if (closed) act();
  else raw.once("close", act);
}
