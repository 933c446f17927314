import { assertNever } from "../base/assert-never.ts";
import { type Answer, emptyAnswer, htmlAnswer, jsonAnswer, textAnswer } from "./answer.ts";
import { type ApiProblem, PROBLEMS, problemAnswer } from "./api-problem.ts";
import type { BodyShape, Fault, Misbehaviour } from "./fault.ts";
import { type Moment, strikes } from "./occasion.ts";

/** What an answer at fault depends on besides the fault. */
export interface FaultContext extends Moment {
  readonly name: string;
  /** In [0, 1): picks the shape of an error's envelope. */
  readonly variation: number;
  /** Where a redirect points to: another origin. */
  readonly redirectTo: string;
  /** The offset that a list was asked for; 0 for other operations. */
  readonly cursor: number;
}

type ErrorMisbehaviour = Misbehaviour & { readonly kind: "error" };

/** Body of the `huge` answer in bytes; a valid one, so that only a limit on size rejects it. */
const HUGE_BYTES = 2 * 1024 * 1024;

const BY_STATUS: Readonly<Record<number, ApiProblem>> = {
  400: PROBLEMS.malformedBearer,
  401: PROBLEMS.invalidToken,
  403: PROBLEMS.authentication,
  404: PROBLEMS.unknownInterconnect,
  429: PROBLEMS.throttled,
};

function problemFor({ status, code, location }: ErrorMisbehaviour): ApiProblem {
  if (location) return { ...PROBLEMS.forbiddenLocation, status };
  const usual = BY_STATUS[status] ?? PROBLEMS.internal;
  if (code === undefined || code === usual.code) return { ...usual, status };
  const exact = Object.values(PROBLEMS).find((problem) => problem.code === code && problem.status === status);
  const known = exact ?? Object.values(PROBLEMS).find((problem) => problem.code === code);
  return { ...(known ?? usual), status, code };
}

function retryAfterHeader(error: ErrorMisbehaviour, unixMs: number): Answer["headers"] {
  if (error.retryAfter === undefined) return {};
  const { form, seconds } = error.retryAfter;
  return {
    "retry-after": form === "date" ? new Date(unixMs + seconds * 1000).toUTCString() : String(seconds),
  };
}

function errorAnswer(error: ErrorMisbehaviour, context: FaultContext): Answer {
  const headers = retryAfterHeader(error, context.unixMs);
  if (error.body === "empty") return emptyAnswer(error.status, headers);
  if (error.body === "text") return textAnswer(error.status, `error code: ${error.status}\n`, headers);
  if (error.body === "html") {
    return htmlAnswer(error.status, `${error.status}: Simulated edge page`, headers);
  }
  return problemAnswer(problemFor(error), context.variation, headers);
}

/** The looping list says the same `next` for ever; the endless one counts on with empty pages. */
const RESHAPED: Readonly<Record<BodyShape, (truth: string, cursor: number) => Answer>> = {
  truncated: (truth) => jsonAnswer(200, truth.slice(0, Math.ceil(truth.length / 2))),
  html: () => htmlAnswer(200, "Welcome"),
  empty: () => emptyAnswer(200),
  huge: (truth) => jsonAnswer(200, truth.replace(/\}$/, `,"padding":"${"x".repeat(HUGE_BYTES)}"}`)),
  array: (truth) => jsonAnswer(200, `[${truth}]`),
  "no-state": () => jsonAnswer(200, { status: "Healthy" }),
  enveloped: (truth) => jsonAnswer(200, `{"result":${truth},"success":true,"errors":[],"messages":[]}`),
  refused: (truth) =>
    jsonAnswer(
      200,
      `{"success":false,"errors":[{"code":10000,"message":"Simulated refusal"}],"result":${truth}}`,
    ),
  extra: (truth) => jsonAnswer(200, truth.replace(/^\{/, '{"future_field":{"nested":[1,null]},')),
  loop: (truth) => jsonAnswer(200, { ...(JSON.parse(truth) as object), next: 1 }),
  endless: (_truth, cursor) => jsonAnswer(200, { items: [], next: cursor + 1 }),
};

function misbehave(truth: Answer, misbehaviour: Misbehaviour, context: FaultContext): Answer {
  switch (misbehaviour.kind) {
    case "error":
      return errorAnswer(misbehaviour, context);
    case "delivery":
      return { ...truth, delivery: misbehaviour.delivery };
    case "redirect":
      return { ...emptyAnswer(302), headers: { location: context.redirectTo } };
    case "body":
      return truth.status === 200 ? RESHAPED[misbehaviour.shape](truth.body, context.cursor) : truth;
  }
  return assertNever(misbehaviour);
}

/** The answer that is sent in place of the true one; the true one when the fault does not strike now. */
export function applyFault(truth: Answer, fault: Fault | undefined, context: FaultContext): Answer {
  if (fault === undefined || !strikes(fault.occasion, context.name, context)) return truth;
  const { misbehaviour, headersDelayMs, bodyDelayMs } = fault;
  const answer = misbehaviour === undefined ? truth : misbehave(truth, misbehaviour, context);
  return {
    ...answer,
    delayMs: answer.delayMs + headersDelayMs,
    delivery: bodyDelayMs > 0 ? { kind: "slow-body", ms: bodyDelayMs } : answer.delivery,
  };
}
