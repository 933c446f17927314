import { describe, expect, test } from "vitest";
import { needsAttention } from "../../src/domain/attention.ts";
import type { LinkState } from "../../src/domain/link-state.ts";
import type { Event } from "../../src/domain/state.ts";
import { answer, buildPlan, buildTarget, entryAfter, failure, instant } from "../helpers/entry-builder.ts";

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
