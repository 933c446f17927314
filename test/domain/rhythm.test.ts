import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLOUDFLARE_LIMIT } from "../../src/base/cloudflare-limit.ts";
import type { LinkState } from "../../src/domain/link-state.ts";
import {
  attentionInEffect,
  type Demand,
  firstSpreadMs,
  intervalInEffect,
  needsAttention,
  requestsPerWindow,
  staleAfterMs,
} from "../../src/domain/rhythm.ts";
import type { Event } from "../../src/domain/state.ts";
import { answer, buildPlan, buildTarget, entryAfter, failure, instant } from "../helpers/entry-builder.ts";

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
    expect(intervalMs).toBe(2 * CLOUDFLARE_LIMIT.windowMs);
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
          ((asked.targets - attended) * CLOUDFLARE_LIMIT.windowMs) / steadyMs +
          (attended * CLOUDFLARE_LIMIT.windowMs) / inEffectMs;
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

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Whether the interconnect needs attention at a moment after these events. */
function attended(events: readonly Event[], atMs: number, expectedState: LinkState = "Healthy"): boolean {
  const plan = buildPlan([buildTarget("icon-ewr-01", { expectedState })]);
  return needsAttention(entryAfter(events, plan), instant(atMs));
}

describe("needsAttention()", () => {
  test.each([
    ["Healthy", "Healthy", false],
    ["Unhealthy", "Healthy", true],
    ["Down", "Healthy", true],
    ["Pending", "Healthy", true],
    ["Degraded", "Healthy", true],
    ["Healthy", "Pending", true],
    ["Down", "Down", false],
  ] as const)("of one that answers %s where %s is expected: %j", (word, expectedState, wanted) => {
    expect(attended([answer(instant(0), word)], MINUTE_MS, expectedState)).toBe(wanted);
    expect(attended([answer(instant(0), word)], 48 * HOUR_MS, expectedState)).toBe(wanted);
  });

  test("of an expected Pending for its first 24 hours", () => {
    const events = [answer(instant(0), "Pending"), answer(instant(MINUTE_MS), "Pending")];
    expect(attended(events, 24 * HOUR_MS - 1, "Pending")).toBe(true);
    expect(attended(events, 24 * HOUR_MS, "Pending")).toBe(false);
  });

  test("of an expected Pending anew when it is Pending again", () => {
    const events = [
      answer(instant(0), "Pending"),
      answer(instant(30 * HOUR_MS), "Down"),
      answer(instant(31 * HOUR_MS), "Pending"),
    ];
    expect(attended(events, 54 * HOUR_MS, "Pending")).toBe(true);
    expect(attended(events, 55 * HOUR_MS, "Pending")).toBe(false);
  });

  test("of one that is as expected again for 10 minutes after its change", () => {
    const events = [
      answer(instant(0), "Healthy"),
      answer(instant(MINUTE_MS), "Down"),
      answer(instant(2 * MINUTE_MS), "Healthy"),
    ];
    expect(attended(events, 12 * MINUTE_MS - 1)).toBe(true);
    expect(attended(events, 12 * MINUTE_MS)).toBe(false);
  });

  test("not of one whose first answer is as expected: that is no change", () => {
    expect(attended([answer(instant(0), "Healthy")], 0)).toBe(false);
    const failedFirst = [failure(instant(0), "timeout"), answer(instant(MINUTE_MS), "Healthy")];
    expect(attended(failedFirst, MINUTE_MS)).toBe(false);
  });

  test("never before the first answer, nor while polls fail, whatever the state", () => {
    expect(attended([], 0)).toBe(false);
    expect(attended([failure(instant(0), "network")], 0)).toBe(false);
    const down = [answer(instant(0), "Healthy"), answer(instant(1000), "Down")];
    expect(attended(down, 2000)).toBe(true);
    expect(attended([...down, failure(instant(2000), "server_error")], 2000)).toBe(false);
    const gone = [...down, failure(instant(2000), "not_found"), failure(instant(3000), "not_found")];
    expect(attended(gone, 4000)).toBe(false);
    const back = [...down, failure(instant(2000), "server_error"), answer(instant(3000), "Down")];
    expect(attended(back, 3000)).toBe(true);
  });
});

test.each([
  { configured: undefined, interval: 1, expected: 10 },
  { configured: undefined, interval: 3, expected: 10 },
  { configured: undefined, interval: 5, expected: 15 },
  { configured: 4, interval: 1, expected: 4 },
  { configured: 4, interval: 2, expected: 4 },
  { configured: 4, interval: 5, expected: 10 },
])(
  "staleAfterMs() of $configured min at an interval of $interval min is $expected min",
  ({ configured, interval, expected }) => {
    const configuredMs = configured === undefined ? undefined : configured * MINUTE_MS;
    expect(staleAfterMs(configuredMs, interval * MINUTE_MS)).toBe(expected * MINUTE_MS);
  },
);
