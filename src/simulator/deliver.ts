import type { ServerResponse } from "node:http";

import type { FastifyReply } from "fastify";

import type { Clock } from "../base/clock.ts";
import type { Answer } from "./answer.ts";

interface DeliverOptions {
  readonly clock: Clock;
  /** Aborts when the client leaves or the simulator closes. */
  readonly signal: AbortSignal;
  /** Called just before the first byte is sent. */
  readonly onAnswered: (status: number) => void;
}

/** The headers, with the true length, and the first half of the body. */
function sendHalf(raw: ServerResponse, answer: Answer): Buffer {
  const body = Buffer.from(answer.body);
  const half = Math.floor(body.length / 2);
  raw.writeHead(answer.status, { ...answer.headers, "content-length": String(body.length) });
  raw.flushHeaders();
  raw.write(body.subarray(0, half));
  return body.subarray(half);
}

async function sendByHand(raw: ServerResponse, answer: Answer, options: DeliverOptions): Promise<void> {
  const { delivery } = answer;
  if (delivery.kind === "hang") return;
  if (delivery.kind === "reset") {
    raw.socket?.resetAndDestroy();
    return;
  }
  options.onAnswered(answer.status);
  const rest = sendHalf(raw, answer);
  if (delivery.kind === "slow-body") {
    await options.clock.sleep(delivery.ms, options.signal);
    raw.end(rest);
  }
  if (delivery.kind === "cut") raw.socket?.end();
}

/** Sends the answer as it says. Never rejects when the client leaves: the connection is then dropped. */
export async function deliver(reply: FastifyReply, answer: Answer, options: DeliverOptions): Promise<void> {
  try {
    if (answer.delayMs > 0) await options.clock.sleep(answer.delayMs, options.signal);
    if (answer.delivery.kind === "whole") {
      options.onAnswered(answer.status);
      reply.code(answer.status).headers(answer.headers).send(answer.body);
      return;
    }
    reply.hijack();
    await sendByHand(reply.raw, answer, options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    reply.hijack();
    reply.raw.destroy();
  }
}
