import { describe, expect, test } from "vitest";
import { reduce } from "../../src/domain/state.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  entryAfter,
  failure,
  instant,
  planned,
  replay,
  STALE_AFTER_MS,
  timePassed,
} from "../helpers/entry-builder.ts";

const ZERO = { Healthy: 0, Unhealthy: 0, Down: 0, Pending: 0, Unknown: 0 };

describe("reduce() on an answer that grows old", () => {
  const stale = instant(1000 + STALE_AFTER_MS);

  test("believes it up to stale_after and the very millisecond", () => {
    const healthy = replay([planned(buildPlan([buildTarget()])), answer(instant(1000), "Healthy")]);
    expect(reduce(healthy, timePassed(stale))).toBe(healthy);
    const [entry] = reduce(healthy, timePassed(instant(1001 + STALE_AFTER_MS))).entries.all;
    expect(entry).toMatchObject({
      state: "Unknown",
      since: stale,
      lastKnown: "Healthy",
      lastSuccess: instant(1000),
      changes: { ...ZERO, Unknown: 1 },
      stateMs: { ...ZERO, Unknown: 1000, Healthy: STALE_AFTER_MS },
      reason: { class: "not_polled" },
      polls: 1,
    });
  });

  test.each([
    ["passing time", timePassed(instant(9_000_000))],
    ["a failed poll", failure(instant(9_000_000), "timeout")],
  ])("dates Unknown to the exact moment when %s notices it late", (_what, event) => {
    expect(entryAfter([answer(instant(1000), "Down"), event])).toMatchObject({
      state: "Unknown",
      since: stale,
      lastKnown: "Down",
    });
  });

  test("counts the time in Unknown that only the next answer notices", () => {
    expect(entryAfter([answer(instant(1000), "Down"), answer(instant(9_000_000), "Down")])).toMatchObject({
      state: "Down",
      since: instant(9_000_000),
      changes: { ...ZERO, Unknown: 1, Down: 1 },
      stateMs: { ...ZERO, Unknown: 1000 + 9_000_000 - 1000 - STALE_AFTER_MS, Down: STALE_AFTER_MS },
    });
  });

  test("says with which failure, and says the next one when that changes", () => {
    const events = [
      answer(instant(1000), "Healthy"),
      failure(instant(60_000), "unauthorized"),
      timePassed(instant(9_000_000)),
    ];
    expect(entryAfter(events).reason).toMatchObject({ class: "unauthorized" });
    expect(entryAfter([...events, failure(instant(9_060_000), "tls")])).toMatchObject({
      reason: { class: "tls" },
      since: stale,
      changes: { ...ZERO, Unknown: 1 },
    });
  });

  test("goes by the monotonic clock, whatever the wall clock says", () => {
    const at = { unixMs: instant(0).unixMs + 86_400_000, monoMs: stale.monoMs };
    expect(entryAfter([answer(instant(1000), "Healthy"), timePassed(at)]).state).toBe("Healthy");
    const later = { unixMs: 12_345_000, monoMs: stale.monoMs + 500 };
    const entry = entryAfter([answer(instant(1000), "Healthy"), timePassed(later)]);
    expect(entry).toMatchObject({ state: "Unknown", since: { unixMs: 12_344_500, monoMs: stale.monoMs } });
  });

  test("goes by its own account's stale_after", () => {
    const slow = buildTarget("icon-lhr-01", { account: "lab" });
    const plan = buildPlan([buildTarget(), slow], { staleAfterMs: { production: 1000, lab: 5000 } });
    const states = replay([
      planned(plan),
      answer(instant(0), "Healthy"),
      answer(instant(0), "Healthy", "", slow.key),
      timePassed(instant(2000)),
    ]).entries.all.map(({ state }) => state);
    expect(states).toEqual(["Unknown", "Healthy"]);
  });

  test("believes an answer for no time when the plan does not say how long", () => {
    const plan = buildPlan([buildTarget()], { staleAfterMs: {} });
    expect(entryAfter([answer(instant(0), "Down")], plan).state).toBe("Down");
    expect(entryAfter([answer(instant(0), "Down"), timePassed(instant(1))], plan).state).toBe("Unknown");
  });
});
