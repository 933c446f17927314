import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLOUDFLARE_LIMIT } from "../../src/base/cloudflare-limit.ts";
import { CredentialUsage } from "../../src/poll/credential-usage.ts";
import { instant } from "../helpers/entry-builder.ts";

const NO_GAP = 0;
const NEVER_TOO_LATE = Number.MAX_SAFE_INTEGER;

/** The most of these moments in any window `(t - CLOUDFLARE_LIMIT.windowMs, t]`. */
function busiest(sent: readonly number[]): number {
  const counts = sent.map(
    (endMs) => sent.filter((atMs) => atMs > endMs - CLOUDFLARE_LIMIT.windowMs && atMs <= endMs).length,
  );
  return Math.max(0, ...counts);
}

type Step =
  | { readonly does: "pass"; readonly ms: number }
  | { readonly does: "turn"; readonly patienceMs: number; readonly gapMs: number }
  /** Uses one of the turns whose time has come, however long ago. */
  | { readonly does: "send"; readonly which: number }
  | { readonly does: "give back"; readonly which: number }
  | { readonly does: "take" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant("pass" as const), ms: fc.nat(CLOUDFLARE_LIMIT.windowMs / 3) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant("turn" as const),
      patienceMs: fc.oneof(fc.nat(2 * CLOUDFLARE_LIMIT.windowMs), fc.constant(Number.POSITIVE_INFINITY)),
      gapMs: fc.constantFrom(0, 1000, CLOUDFLARE_LIMIT.windowMs / 7),
    }),
  },
  { weight: 5, arbitrary: fc.record({ does: fc.constant("send" as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("give back" as const), which: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("take" as const) }) },
);

interface Played {
  /** When each request was sent. */
  readonly sent: readonly number[];
  /** Every turn that was given, and between which times it had to be. */
  readonly turns: readonly { readonly atMs: number; readonly nowMs: number; readonly latestMs: number }[];
  /** What the usage said was used, and what was. */
  readonly used: readonly (readonly [said: number, was: number])[];
}

function play(steps: readonly Step[], budget: number): Played {
  const usage = new CredentialUsage();
  const sent: number[] = [];
  const turns: Played["turns"][number][] = [];
  const used: Played["used"][number][] = [];
  let promised: number[] = [];
  let nowMs = 5_000_000;
  const drop = (which: number, among: readonly number[]): boolean => {
    const place = promised.indexOf(among[which % Math.max(among.length, 1)] ?? Number.NaN);
    promised = promised.filter((_turn, index) => index !== place);
    return place !== -1;
  };
  for (const each of steps) {
    if (each.does === "pass") nowMs += each.ms;
    else if (each.does === "turn") {
      const latestMs = nowMs + each.patienceMs;
      const atMs = usage.turn(nowMs, latestMs, budget, each.gapMs);
      if (atMs === undefined) continue;
      turns.push({ atMs, nowMs, latestMs });
      promised.push(atMs);
    } else if (each.does === "send") {
      const due = promised.filter((turnMs) => turnMs <= nowMs);
      if (!drop(each.which, due)) continue;
      usage.sent(nowMs);
      sent.push(nowMs);
    } else if (each.does === "give back") {
      if (drop(each.which, promised)) usage.giveBack();
    } else if (usage.take(nowMs, budget)) sent.push(nowMs);
    const inWindow = sent.filter((atMs) => atMs > nowMs - CLOUDFLARE_LIMIT.windowMs).length;
    used.push([usage.used(nowMs), inWindow]);
  }
  return { sent, turns, used };
}

describe("the budget", () => {
  test("holds in any window, however turns, retries, returns and delays interleave", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200, size: "max" }),
        fc.integer({ min: 1, max: 12 }),
        (steps, budget) => {
          const { sent, turns, used } = play(steps, budget);
          expect(busiest(sent)).toBeLessThanOrEqual(budget);
          expect(used.filter(([said, was]) => said !== was)).toEqual([]);
          const wrong = turns.filter(
            ({ atMs, nowMs, latestMs }) => !(Number.isFinite(atMs) && atMs >= nowMs && atMs <= latestMs),
          );
          expect(wrong).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("is spent whole: so many turns at once, and the next when the first has left the window", () => {
    const usage = new CredentialUsage();
    for (let count = 0; count < 10; count += 1) {
      expect(usage.turn(count * 1000, NEVER_TOO_LATE, 10, NO_GAP)).toBe(count * 1000);
      usage.sent(count * 1000);
    }
    expect(usage.turn(10_000, CLOUDFLARE_LIMIT.windowMs - 1, 10, NO_GAP)).toBeUndefined();
    expect(usage.turn(10_000, NEVER_TOO_LATE, 10, NO_GAP)).toBe(CLOUDFLARE_LIMIT.windowMs);
    expect(usage.turn(10_000, NEVER_TOO_LATE, 10, NO_GAP)).toBe(CLOUDFLARE_LIMIT.windowMs + 1000);
  });

  test("has no turn to give while all of it is promised and nothing of that was sent, whatever the patience", () => {
    const usage = new CredentialUsage();
    expect(usage.turn(0, Number.POSITIVE_INFINITY, 2, NO_GAP)).toBe(0);
    expect(usage.turn(0, Number.POSITIVE_INFINITY, 2, NO_GAP)).toBe(0);
    expect(usage.turn(0, Number.POSITIVE_INFINITY, 2, NO_GAP)).toBeUndefined();
    usage.sent(100);
    expect(usage.turn(200, Number.POSITIVE_INFINITY, 2, NO_GAP)).toBe(CLOUDFLARE_LIMIT.windowMs + 100);
  });

  test("counts a turn that is used late from when it was used", () => {
    const usage = new CredentialUsage();
    expect(usage.turn(0, NEVER_TOO_LATE, 1, NO_GAP)).toBe(0);
    usage.sent(200_000);
    expect(usage.turn(200_000, NEVER_TOO_LATE, 1, NO_GAP)).toBe(200_000 + CLOUDFLARE_LIMIT.windowMs);
  });

  test("has back what was given back", () => {
    const usage = new CredentialUsage();
    expect(usage.turn(0, NEVER_TOO_LATE, 1, NO_GAP)).toBe(0);
    expect(usage.take(0, 1)).toBe(false);
    usage.giveBack();
    expect(usage.used(0)).toBe(0);
    expect(usage.take(0, 1)).toBe(true);
    expect(usage.used(0)).toBe(1);
  });

  test("that shrinks in a reload counts what was sent before", () => {
    const usage = new CredentialUsage();
    for (let count = 0; count < 10; count += 1) usage.take(count, 10);
    expect(usage.take(10, 5)).toBe(false);
    expect(usage.turn(10, NEVER_TOO_LATE, 5, NO_GAP)).toBe(CLOUDFLARE_LIMIT.windowMs + 5);
  });
});

describe("the pace", () => {
  test("keeps a gap between turns, and starts none later for having been idle", () => {
    const usage = new CredentialUsage();
    const turns = [0, 0, 0, 100_000, 100_000].map((nowMs) => usage.turn(nowMs, NEVER_TOO_LATE, 100, 500));
    expect(turns).toEqual([0, 500, 1000, 100_000, 100_500]);
  });

  test("refuses a turn that would come too late without spending one", () => {
    const usage = new CredentialUsage();
    expect(usage.turn(0, 0, 100, 500)).toBe(0);
    expect(usage.turn(0, 499, 100, 500)).toBeUndefined();
    expect(usage.turn(0, 500, 100, 500)).toBe(500);
  });

  test("is not for retries, which go at once or not at all", () => {
    const usage = new CredentialUsage();
    expect(usage.turn(0, 0, 3, 500)).toBe(0);
    expect([usage.take(0, 3), usage.take(0, 3), usage.take(0, 3)]).toEqual([true, true, false]);
  });
});

describe("a pause", () => {
  test("ends at the latest time that was asked for", () => {
    const usage = new CredentialUsage();
    expect(usage.pausedUntil.unixMs).toBe(0);
    usage.pause(instant(0), 60_000);
    usage.pause(instant(10_000), 10_000);
    expect(usage.pausedUntil).toEqual(instant(60_000));
    usage.pause(instant(20_000), 60_000);
    expect(usage.pausedUntil).toEqual(instant(80_000));
  });

  test("is no longer than an hour, not even one that a state file or another process knows", () => {
    const usage = new CredentialUsage();
    usage.pause(instant(0), 86_400_000);
    expect(usage.pausedUntil).toEqual(instant(3_600_000));
  });

  test("goes on growing when another token takes the place of the one before", () => {
    const before = new CredentialUsage();
    expect(before.limited(instant(0), instant(0).monoMs, 40_000)).toEqual({ ms: 40_000, firstCut: false });
    const next = new CredentialUsage();
    next.absorb(before);
    const sent = instant(40_000);
    expect(next.limited(sent, sent.monoMs, 0)).toEqual({ ms: 80_000, firstCut: false });
    next.absorb(new CredentialUsage());
    expect(next.pausedUntil).toEqual(instant(120_000));
  });
});
