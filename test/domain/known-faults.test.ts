import { expect, test } from "vitest";
import { createKnownFaults } from "../../src/domain/known-faults.ts";
import { buildTarget } from "../helpers/entry-builder.ts";

const ONE = buildTarget("icon-01");
const TWO = buildTarget("icon-02");

test("a fault of a credential begins once, and ends with the last interconnect that has it", () => {
  const faults = createKnownFaults(() => "credential");
  expect(faults.begin(ONE, "network", 1000)).toBe(true);
  expect(faults.begin(TWO, "timeout", 2000)).toBe(false);
  expect([faults.tellsOfLoss(ONE, "network"), faults.tellsOfLoss(TWO, "timeout")]).toEqual([true, false]);
  expect(faults.end(ONE)).toEqual([]);
  expect(faults.end(TWO)).toMatchObject([
    { kind: "network", sinceMonoMs: 1000, met: new Set([ONE.key, TWO.key]) },
  ]);
  expect(faults.begin(TWO, "network", 3000)).toBe(true);
});

test("a 404 is a fault of one interconnect alone", () => {
  const faults = createKnownFaults(() => "credential");
  expect([faults.begin(ONE, "not_found", 0), faults.begin(TWO, "not_found", 0)]).toEqual([true, true]);
  expect(faults.end(ONE)).toHaveLength(1);
  expect(faults.begin(TWO, "not_found", 1)).toBe(false);
});

test("a fault that none of the planned interconnects has is forgotten", () => {
  const faults = createKnownFaults(() => "credential");
  faults.begin(ONE, "tls", 0);
  faults.begin(TWO, "not_found", 0);
  faults.keepOnly(new Map([[TWO.key, 0]]));
  expect([faults.begin(TWO, "tls", 1), faults.begin(ONE, "not_found", 1)]).toEqual([true, true]);
});
