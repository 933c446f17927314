import { type Answer, type Delivery, emptyAnswer, jsonAnswer } from "./answer.ts";
import type { Operation } from "./request-log.ts";

/** Which requests an override is for; what is left out matches all. */
export interface OverrideScope {
  readonly operation?: Operation;
  readonly account?: string;
  readonly interconnect?: string;
}

export interface OverrideRequest {
  readonly operation: Operation;
  readonly account: string;
  readonly interconnect: string;
  /** Aborts when the client leaves or the simulator closes. */
  readonly signal: AbortSignal;
}

/** A scripted answer. A string body is sent as it is, any other as JSON, none as an empty one; status 200 by default. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Before the headers. */
  readonly delayMs?: number;
  readonly delivery?: Delivery;
}

/** Answers in place of the world and the faults; undefined lets the request go on to them. */
export type OverrideHandler = (
  request: OverrideRequest,
) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>;

export interface Override {
  readonly scope: OverrideScope;
  readonly handler: OverrideHandler;
}

function matches({ operation, account, interconnect }: OverrideScope, request: OverrideRequest): boolean {
  return (
    (operation === undefined || operation === request.operation) &&
    (account === undefined || account === request.account) &&
    (interconnect === undefined || interconnect === request.interconnect)
  );
}

/** The answer of the newest override that matches and has one. */
export async function overriddenAnswer(
  overrides: readonly Override[],
  request: OverrideRequest,
): Promise<Answer | undefined> {
  for (const { scope, handler } of overrides.toReversed()) {
    const scripted = matches(scope, request) ? await handler(request) : undefined;
    if (scripted === undefined) continue;
    const { status = 200, headers = {}, body, delayMs = 0, delivery = { kind: "whole" } } = scripted;
    const answer = body === undefined ? emptyAnswer(status, headers) : jsonAnswer(status, body, headers);
    return { ...answer, delayMs, delivery };
  }
  return undefined;
}
