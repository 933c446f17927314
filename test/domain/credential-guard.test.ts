import { describe, expect, test } from "vitest";
import { type Guard, guardAfter, heldBack, TRUSTED } from "../../src/domain/credential-guard.ts";
import type { FailureKind } from "../../src/domain/failure.ts";

const TARGETS = 4;
const ROUNDS = 3;
const INTERVAL_MS = 60_000;

/** The guard after these answers; undefined is a success. */
function after(kinds: readonly (FailureKind | undefined)[], targets = TARGETS): Guard {
  return kinds.reduce<Guard>(
    (guard, kind) =>
      guardAfter(guard, kind === undefined ? undefined : { kind, message: `${kind}!` }, targets),
    TRUSTED,
  );
}

function times(count: number, kind: FailureKind): FailureKind[] {
  return Array.from({ length: count }, () => kind);
}

/** Whether a poll is held back right after another was let through. */
function isHeld(guard: Guard, targets = TARGETS): boolean {
  return heldBack({ ...guard, letThroughMs: 0 }, targets, 1, INTERVAL_MS) !== undefined;
}

describe("a credential", () => {
  test("is trusted until three rounds gave nothing but refusals", () => {
    expect(isHeld(TRUSTED)).toBe(false);
    expect(isHeld(after(["unauthorized"]))).toBe(false);
    expect(isHeld(after(times(ROUNDS * TARGETS - 1, "forbidden")))).toBe(false);
    expect(isHeld(after(times(ROUNDS * TARGETS, "forbidden")))).toBe(true);
  });

  test("has three rounds of one before it is suspected where no interconnect is known yet", () => {
    expect(isHeld(after(times(2, "unauthorized"), 0), 0)).toBe(false);
    expect(isHeld(after(times(3, "unauthorized"), 0), 0)).toBe(true);
  });

  test.each<FailureKind | undefined>([undefined, "timeout", "not_found", "server_error", "rate_limited"])(
    "starts over when a round has anything else in it: %s",
    (kind) => {
      const almost = times(ROUNDS * TARGETS - 1, "unauthorized");
      expect(isHeld(after([...almost, kind, "unauthorized"]))).toBe(false);
      expect(isHeld(after([...almost, kind, ...almost]))).toBe(false);
      expect(isHeld(after([...almost, kind, ...almost, "forbidden"]))).toBe(true);
    },
  );

  test("that is only probed stays so when a probe fails otherwise, and is trusted at the first success", () => {
    const refused = times(ROUNDS * TARGETS, "unauthorized");
    expect(isHeld(after([...refused, "timeout"]))).toBe(true);
    expect(isHeld(after([...refused, "timeout", "unauthorized"]))).toBe(true);
    expect(isHeld(after([...refused, undefined]))).toBe(false);
    expect(isHeld(after([...refused, undefined, "unauthorized"]))).toBe(false);
  });

  test("that is only probed has one poll let through per interval", () => {
    const guard = { ...after(times(ROUNDS * TARGETS, "forbidden")), letThroughMs: 1000 };
    expect(heldBack(guard, TARGETS, 1000 + INTERVAL_MS - 1, INTERVAL_MS)).toBeDefined();
    expect(heldBack(guard, TARGETS, 1000 + INTERVAL_MS, INTERVAL_MS)).toBeUndefined();
  });

  test("keeps the time of its last poll over a success, so that a refused one does not get two", () => {
    expect(guardAfter({ ...TRUSTED, letThroughMs: 7 }, undefined, TARGETS).letThroughMs).toBe(7);
  });
});

test("heldBack() fails with the kind of the last refusal, and says why and what it was", () => {
  const guard = {
    ...after([...times(ROUNDS * TARGETS, "unauthorized"), "forbidden"]),
    letThroughMs: 0,
  };
  const failure = heldBack(guard, TARGETS, 1, INTERVAL_MS);
  expect(failure?.kind).toBe("forbidden");
  expect(failure?.message).toContain("refused 13 times in a row");
  expect(failure?.message).toContain("forbidden!");
});
