import { describe, expect, test } from "vitest";
import { answer, buildTarget } from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { INTERVAL_MS, subject, type SubjectOptions } from "../helpers/scheduler-subject.ts";

describe("startScheduler() with a bug", () => {
  const bad = buildTarget("icon-bad");
  const good = buildTarget("icon-good");
  const isBad = ({ key }: { readonly key: string }): boolean => key === bad.key;

  test.each<[string, (clock: FakeClock) => SubjectOptions]>([
    [
      "in a poll that rejects",
      (clock) => ({
        poll: async (target) => {
          if (isBad(target)) throw new Error("bug");
          return answer(clock.now(), "Healthy", "", target.key);
        },
      }),
    ],
    [
      "in what an event sets off",
      () => ({
        onEvent(event) {
          if ("key" in event && isBad(event)) throw new Error("bug");
        },
      }),
    ],
    [
      "in the rhythm",
      () => {
        let asked = 0;
        return {
          rhythmOf(target) {
            if (isBad(target)) asked += 1;
            if (asked > 1 && isBad(target)) throw new Error("bug");
            return { intervalMs: INTERVAL_MS, spreadMs: 10_000, shiftMs: 0 };
          },
        };
      },
    ],
  ])("%s stops nothing, logs it, and polls no more often for it", async (_what, optionsOf) => {
    const clock = new FakeClock();
    await using it = subject([bad, good], { clock, ...optionsOf(clock) });
    await clock.advance(10 * INTERVAL_MS);
    expect(it.startsOf(good).length).toBeGreaterThanOrEqual(10);
    expect(it.ticks()).toBeGreaterThan(590);
    expect(it.inFlight).toEqual([]);
    const bugs = it.log.lines.filter(({ level }) => level === "error");
    expect(bugs.length).toBe(it.log.lines.length);
    expect(bugs[0]).toMatchObject({ message: "Bug in the scheduler", fields: { err: new Error("bug") } });
    // As many attempts as polls were due: a bug is met again and again, and never in a hurry.
    expect(bugs.length).toBeGreaterThanOrEqual(9);
    expect(bugs.length).toBeLessThanOrEqual(12);
  });

  test("in the handling of passing time goes on turning", async () => {
    const clock = new FakeClock();
    let thrown = 0;
    await using it = subject([good], {
      clock,
      onEvent(event) {
        if (event.type !== "time-passed" || thrown > 0) return;
        thrown += 1;
        throw new Error("bug");
      },
    });
    await clock.advance(10_000);
    expect(it.ticks()).toBeGreaterThanOrEqual(10);
    expect(it.log.lines).toHaveLength(1);
  });
});
