import type { Failure } from "./failure.ts";

/**
 * What the last answers say of a credential. One 401 or 403 is no proof: fresh tokens propagate slowly and stray
 * refusals happen. Nothing else for three rounds is.
 */
export interface Guard {
  /** 401s and 403s in a row. */
  readonly refusals: number;
  /** The last of them. */
  readonly last: Failure | undefined;
  /** Monotonic time of the last poll that was let through. */
  readonly letThroughMs: number;
}

export const TRUSTED: Guard = { refusals: 0, last: undefined, letThroughMs: Number.NEGATIVE_INFINITY };

const ROUNDS = 3;

/** The guard after an answer: a refusal counts, anything else starts over, but only a success ends probing. */
export function guardAfter(guard: Guard, failure: Failure | undefined, targets: number): Guard {
  if (failure === undefined) return { ...TRUSTED, letThroughMs: guard.letThroughMs };
  if (failure.kind === "unauthorized" || failure.kind === "forbidden") {
    return { ...guard, refusals: guard.refusals + 1, last: failure };
  }
  return isProbing(guard, targets) ? guard : { ...guard, refusals: 0, last: undefined };
}

/** Whether the credential is only probed, since nothing but refusals came for three rounds of its `targets`. */
function isProbing(guard: Guard, targets: number): boolean {
  return guard.last !== undefined && guard.refusals >= ROUNDS * Math.max(targets, 1);
}

/** The failure of a poll that is not sent; undefined when it may be: always, or once per interval while probing. */
export function heldBack(
  guard: Guard,
  targets: number,
  nowMs: number,
  intervalMs: number,
): Failure | undefined {
  const { last } = guard;
  if (last === undefined || !isProbing(guard, targets) || nowMs - guard.letThroughMs >= intervalMs)
    return undefined;
  return {
    kind: last.kind,
    message: `Not sent: this credential was refused ${guard.refusals} times in a row and is tried once per interval; the last answer: ${last.message}`,
  };
}
