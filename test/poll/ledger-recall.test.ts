import { describe, expect, test } from "vitest";
import { BUDGET_WINDOW_MS } from "../../src/domain/rhythm.ts";
import { Ledger } from "../../src/poll/ledger.ts";
import { instant } from "../helpers/entry-builder.ts";

function ledgerWith(sentMs: readonly number[]): Ledger {
  const ledger = new Ledger();
  for (const ms of sentMs) {
    ledger.turn(instant(ms).monoMs, Number.POSITIVE_INFINITY, 1000, 0);
    ledger.sent(instant(ms).monoMs);
  }
  return ledger;
}

describe("Ledger.toStored()", () => {
  test("gives the window's requests by the second, never earlier than they were sent", () => {
    const ledger = ledgerWith([0, 200_000, 200_400, 201_000]);
    ledger.pause(instant(202_000), 60_000);
    expect(ledger.toStored(instant(BUDGET_WINDOW_MS + 1))).toEqual({
      sent: [
        [1_800_000_200, 1],
        [1_800_000_201, 2],
      ],
      pausedUntilMs: instant(262_000).unixMs,
    });
  });

  test("of a new one is empty", () => {
    expect(new Ledger().toStored(instant(0))).toEqual({ sent: [], pausedUntilMs: 0 });
  });
});

describe("Ledger.recall()", () => {
  test("counts what was sent before, and forgets it in time", () => {
    const ledger = ledgerWith([0]);
    ledger.recall([instant(-2000).monoMs, instant(-1000).monoMs]);
    expect(ledger.used(instant(0).monoMs)).toBe(3);
    expect(ledger.take(instant(0).monoMs, 3)).toBe(false);
    expect(ledger.turn(instant(0).monoMs, Number.POSITIVE_INFINITY, 3, 0)).toBe(
      instant(BUDGET_WINDOW_MS - 2000).monoMs,
    );
    expect(ledger.used(instant(BUDGET_WINDOW_MS - 1500).monoMs)).toBe(2);
  });
});

describe("Ledger.absorb()", () => {
  test("takes on requests, the last turn and the longer pause, and trusts the credential anew", () => {
    const before = ledgerWith([0, 3000]);
    before.pause(instant(3000), 60_000);
    before.guard = { refusals: 9, last: { kind: "unauthorized", message: "" }, letThroughMs: 0 };
    const ledger = ledgerWith([1000]);
    ledger.absorb(before);
    ledger.absorb(ledgerWith([]));
    const nowMs = instant(3000).monoMs;
    expect(ledger.used(nowMs)).toBe(3);
    expect(ledger.pausedUntil).toEqual(instant(63_000));
    expect(ledger.guard.refusals).toBe(0);
    expect(ledger.turn(nowMs, Number.POSITIVE_INFINITY, 100, 500)).toBe(nowMs + 500);
  });
});
