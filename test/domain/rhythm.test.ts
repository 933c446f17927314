import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  attentionInEffect,
  BUDGET_WINDOW_MS,
  type Demand,
  firstSpreadMs,
  intervalInEffect,
  requestsPerWindow,
} from "../../src/domain/rhythm.ts";

const ROUNDING = 1e-6;

/** Any demand that leaves the polls at least one request of the window. */
const demand: fc.Arbitrary<Demand> = fc
  .record({
    targets: fc.integer({ min: 0, max: 10_000 }),
    budget: fc.integer({ min: 10, max: 5000 }),
    listShare: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ targets, budget, listShare }) => ({ targets, budget, listCalls: listShare * (budget - 1) }));
const configured = fc.integer({ min: 1, max: 3600 }).map((seconds) => seconds * 1000);

describe("intervalInEffect()", () => {
  test("holds the budget, is never under the configured interval, and is that where it fits", () => {
    fc.assert(
      fc.property(demand, configured, (asked, configuredMs) => {
        const intervalMs = intervalInEffect(asked, configuredMs);
        expect(requestsPerWindow(asked, intervalMs)).toBeLessThanOrEqual(asked.budget + ROUNDING);
        expect(intervalMs).toBeGreaterThanOrEqual(configuredMs);
        const fits = requestsPerWindow(asked, configuredMs) <= asked.budget;
        expect(fits ? intervalMs === configuredMs : intervalMs % 1000 === 0).toBe(true);
      }),
    );
  });

  test("grows with what is asked, and shrinks with the budget", () => {
    fc.assert(
      fc.property(demand, configured, fc.integer({ min: 0, max: 500 }), (asked, configuredMs, more) => {
        const intervalMs = intervalInEffect(asked, configuredMs);
        const of = (changed: Partial<Demand>): number =>
          intervalInEffect({ ...asked, ...changed }, configuredMs);
        expect(of({ targets: asked.targets + more })).toBeGreaterThanOrEqual(intervalMs);
        expect(of({ listCalls: asked.listCalls + more })).toBeGreaterThanOrEqual(intervalMs);
        expect(of({ budget: asked.budget + more })).toBeLessThanOrEqual(intervalMs);
      }),
    );
  });

  test("leaves a quarter of the budget to attention and retries once it stretches", () => {
    expect(intervalInEffect({ targets: 300, listCalls: 0, budget: 600 }, 30_000)).toBe(200_000);
    expect(intervalInEffect({ targets: 300, listCalls: 50, budget: 600 }, 30_000)).toBe(225_000);
  });

  test("is finite even when lists alone would spend the budget", () => {
    const intervalMs = intervalInEffect({ targets: 2, listCalls: 1000, budget: 10 }, 1000);
    expect(intervalMs).toBe(2 * BUDGET_WINDOW_MS);
  });
});

describe("attentionInEffect()", () => {
  const attentionMs = fc.integer({ min: 0, max: 120 }).map((seconds) => seconds * 1000);
  const attendedShare = fc.double({ min: 0, max: 1, noNaN: true });

  test("never asks for more than the rest of the budget, however many need attention", () => {
    fc.assert(
      fc.property(demand, configured, attentionMs, attendedShare, (asked, configuredMs, wantedMs, share) => {
        const steadyMs = intervalInEffect(asked, configuredMs);
        const attended = Math.round(share * asked.targets);
        const inEffectMs = attentionInEffect(asked, steadyMs, wantedMs, attended);
        const polls =
          ((asked.targets - attended) * BUDGET_WINDOW_MS) / steadyMs +
          (attended * BUDGET_WINDOW_MS) / inEffectMs;
        expect(polls + asked.listCalls).toBeLessThanOrEqual(asked.budget + ROUNDING);
        expect(inEffectMs).toBeLessThanOrEqual(steadyMs);
        expect(inEffectMs).toBeGreaterThanOrEqual(wantedMs === 0 ? steadyMs : Math.min(wantedMs, steadyMs));
      }),
    );
  });

  test("grows with the number that need attention", () => {
    fc.assert(
      fc.property(demand, configured, fc.nat(500), fc.nat(500), (asked, configuredMs, some, more) => {
        const steadyMs = intervalInEffect(asked, configuredMs);
        const few = attentionInEffect(asked, steadyMs, 15_000, some);
        expect(attentionInEffect(asked, steadyMs, 15_000, some + more)).toBeGreaterThanOrEqual(few);
      }),
    );
  });

  test("is the configured rhythm where there is room, and the steady one when off or not shorter", () => {
    const asked = { targets: 20, listCalls: 0, budget: 600 };
    expect(attentionInEffect(asked, 60_000, 15_000, 3)).toBe(15_000);
    expect(attentionInEffect(asked, 60_000, 0, 3)).toBe(60_000);
    expect(attentionInEffect(asked, 10_000, 15_000, 3)).toBe(10_000);
    expect(attentionInEffect(asked, 60_000, 60_000, 3)).toBe(60_000);
  });
});

test("firstSpreadMs() is 10 s, the interval when shorter, or as long as the budget's pace takes", () => {
  expect(firstSpreadMs({ targets: 10, listCalls: 0, budget: 600 }, 60_000)).toBe(10_000);
  expect(firstSpreadMs({ targets: 2, listCalls: 0, budget: 600 }, 5000)).toBe(5000);
  expect(firstSpreadMs({ targets: 300, listCalls: 0, budget: 600 }, 200_000)).toBe(150_000);
});
