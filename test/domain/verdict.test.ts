import * as fc from "fast-check";
import { expect, test } from "vitest";
import { STATES } from "../../src/domain/link-state.ts";
import {
  countStates,
  EXIT_CODES,
  STATES_WORST_FIRST,
  verdictOf,
  worstVerdict,
} from "../../src/domain/verdict.ts";
import { buildTarget } from "../helpers/entry-builder.ts";

test.each([
  ["Healthy", "Healthy", 0],
  ["Pending", "Pending", 0],
  ["Down", "Down", 0],
  ["Down", "Healthy", 2],
  ["Unhealthy", "Pending", 2],
  ["Pending", "Healthy", 1],
  ["Healthy", "Down", 1],
  ["Unknown", "Healthy", 3],
] as const)("the exit code of %s where %s is expected is %d", (state, expectedState, code) => {
  const target = buildTarget("icon", { expectedState });
  expect(EXIT_CODES[verdictOf({ state, target })]).toBe(code);
});

test("worstVerdict() picks in the order of exit codes 2, 1, 3, 0, and 3 of none", () => {
  const order = [2, 1, 3, 0];
  const verdict = fc.constantFrom("OK", "WARNING", "CRITICAL", "UNKNOWN" as const);
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 1 }), (verdicts) => {
      const codes = verdicts.map((each) => EXIT_CODES[each]);
      const worst = order.find((code) => codes.some((each) => each === code));
      expect(EXIT_CODES[worstVerdict(verdicts)]).toBe(worst);
    }),
  );
  expect(worstVerdict([])).toBe("UNKNOWN");
});

test("countStates() counts every state, 0 too, and people's order holds each once", () => {
  const states = ["Down", "Healthy", "Down", "Unknown"] as const;
  const counts = countStates(states.map((state) => ({ state })));
  expect(counts).toEqual({ Healthy: 1, Unhealthy: 0, Down: 2, Pending: 0, Unknown: 1 });
  expect(STATES_WORST_FIRST.toSorted()).toEqual(STATES.toSorted());
});
