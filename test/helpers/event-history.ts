import * as fc from "fast-check";
import { FAILURE_KINDS, type FailureKind } from "../../src/domain/failure.ts";
import type { Event } from "../../src/domain/state.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  failure,
  instant,
  planned,
  STALE_AFTER_MS,
  timePassed,
} from "./entry-builder.ts";
import { brokenText } from "./hostile-text.ts";

/** The interconnects of a history: two of one account, and a namesake in another. */
export const TARGETS = [
  buildTarget("icon-01"),
  buildTarget("icon-02"),
  buildTarget("icon-01", { account: "lab" }),
];
/** The event that comes before a history. */
export const START = planned(buildPlan(TARGETS));

const word = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("Healthy", "Unhealthy", "Down", "Pending") },
  fc.constantFrom("Unknown", "healthy", "Degraded", "toString"),
);
const kind: fc.Arbitrary<FailureKind> = fc.oneof(
  fc.constantFrom(...FAILURE_KINDS),
  fc.constant<FailureKind>("not_found"),
);
/** Most waits are short; some end near the moment at which an answer goes stale. */
const waitMs = fc.oneof(
  fc.nat(90_000),
  fc.integer({ min: STALE_AFTER_MS - 1, max: STALE_AFTER_MS + 1 }),
  fc.nat(3 * STALE_AFTER_MS),
);
/** Somebody sets the wall clock, by up to 40 days either way. */
const wallJumpMs = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  fc.integer({ min: -3.5e9, max: 3.5e9 }),
);
const what = fc.oneof(
  fc.record({
    type: fc.constant("answer" as const),
    word,
    reason: fc.option(brokenText, { nil: undefined }),
  }),
  fc.record({ type: fc.constant("failure" as const), kind }),
  fc.record({ type: fc.constant("time" as const) }),
);
const step = fc.record({ waitMs, wallJumpMs, target: fc.nat(TARGETS.length - 1), what });

/** Any history of events, time never falling on the monotonic clock. */
export const history: fc.Arbitrary<readonly Event[]> = fc.array(step, { maxLength: 40 }).map((steps) => {
  let at = instant(0);
  return steps.map((each) => {
    at = {
      unixMs: at.unixMs + each.waitMs + each.wallJumpMs,
      monoMs: at.monoMs + each.waitMs,
    };
    const key = TARGETS[each.target]?.key ?? "";
    if (each.what.type === "time") return timePassed(at);
    if (each.what.type === "failure") return failure(at, each.what.kind, key);
    return answer(at, each.what.word, each.what.reason, key);
  });
});
