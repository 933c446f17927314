import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { CALM_WORLD, RARE_OUTAGES, statusAt, type World } from "../../src/simulator/world.ts";

const START_MS = 1_800_000_000_000;
const world: World = { ...CALM_WORLD, epochMs: START_MS, beatMs: 1000 };

function statesOver(seconds: number, name: string): string[] {
  return Array.from({ length: seconds }, (_, index) => statusAt(world, name, START_MS + index * 1000).state);
}

function reasonOf(name: string, unixMs = START_MS): string | null | undefined {
  return statusAt(world, name, unixMs).reason;
}

function masked(text: string | null | undefined): string {
  return (text ?? "").replaceAll(/\d+/g, "#");
}

const anyWorld = fc.record({
  seed: fc.integer(),
  beatMs: fc.integer({ min: 1, max: 600_000 }),
  epochMs: fc.integer({ min: 0, max: 2e12 }),
  outageShare: fc.double({ min: 0, max: 1, noNaN: true }),
});
const anyName = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "icon-ewr-01",
    "icon-flap",
    "icon-outage",
    "icon-turnup",
    "icon-churn",
    "icon-down-hostile",
  ),
);
const anyTime = fc.integer({ min: 0, max: 4e12 });

describe("statusAt()", () => {
  test("says the same for the same seed, name and time", () => {
    fc.assert(
      fc.property(anyWorld, anyName, anyTime, (someWorld, name, unixMs) => {
        const first = statusAt(someWorld, name, unixMs);
        statusAt({ ...someWorld, seed: someWorld.seed + 1 }, name, unixMs + 1);
        expect(statusAt({ ...someWorld }, name, unixMs)).toEqual(first);
      }),
    );
  });

  test("gives a reason to no Healthy and no Pending interconnect", () => {
    fc.assert(
      fc.property(anyWorld, anyName, anyTime, (someWorld, name, unixMs) => {
        const { state, reason } = statusAt(someWorld, name, unixMs);
        expect(reason === undefined || !["Healthy", "Pending"].includes(state)).toBe(true);
      }),
    );
  });

  test.each([
    ["icon-steady", "Healthy"],
    ["icon-down", "Down"],
    ["icon-unhealthy", "Unhealthy"],
    ["icon-pending", "Pending"],
    ["icon-degraded", "Degraded"],
    ["ICON_DOWN", "Down"],
  ])("keeps %s in %s for ever", (name, state) => {
    expect(new Set(statesOver(200, name))).toEqual(new Set([state]));
  });

  test("flaps through Down and Unhealthy and back", () => {
    const states = statesOver(14, "icon-flap");
    expect(states[0]).toBe("Healthy");
    expect(new Set(states)).toEqual(new Set(["Healthy", "Down", "Unhealthy"]));
    expect(states.slice(7)).toEqual(states.slice(0, 7));
  });

  test("starts a turn-up in Pending and then stays Healthy for long", () => {
    const states = statesOver(50, "icon-turnup");
    expect(states[0]).toBe("Pending");
    expect(states.slice(6)).toEqual(Array.from({ length: 44 }, () => "Healthy"));
  });

  test("keeps one reason for the whole of an outage", () => {
    const reasons = Array.from({ length: 43 }, (_, index) =>
      statusAt(world, "icon-outage", START_MS + index * 1000),
    )
      .filter(({ state }) => state === "Down")
      .map(({ reason }) => reason);
    expect(reasons.length).toBeGreaterThan(35);
    expect(new Set(reasons).size).toBe(1);
    expect(reasons[0]).toMatch(/\w+ \w+/);
  });

  test("reads sentinels as whole words", () => {
    expect(new Set(statesOver(100, "flapjack-01-downtown"))).toEqual(new Set(["Healthy"]));
  });

  test("lets plain names fail only when outages are asked for", () => {
    const names = Array.from({ length: 200 }, (_, index) => `icon-ewr-${index}`);
    const badAt = (outageShare: number): number =>
      names.filter((name) =>
        Array.from({ length: 60 }, (_, beat) => START_MS + beat * 1000).some(
          (unixMs) => statusAt({ ...world, outageShare }, name, unixMs).state !== "Healthy",
        ),
      ).length;
    expect(badAt(0)).toBe(0);
    expect(badAt(RARE_OUTAGES)).toBeGreaterThan(0);
    expect(badAt(RARE_OUTAGES)).toBeLessThan(30);
  });
});

describe("reasons in statusAt()", () => {
  test.each([
    ["icon-down-no-light", "no light detected"],
    ["icon-low-light", "rx light level below -20 dBm"],
    ["icon-admin-down", "port administratively down"],
    ["icon-null-reason", null],
    ["icon-no-reason", undefined],
    ["icon-empty-reason", ""],
  ])("%s has %j", (name, reason) => {
    expect(reasonOf(name)).toBe(reason);
  });

  test("leave the key out for no-reason and keep it for null-reason", () => {
    expect(statusAt(world, "icon-down-no-reason", START_MS)).toEqual({ state: "Down" });
    expect(statusAt(world, "icon-down-null-reason", START_MS)).toEqual({ state: "Down", reason: null });
  });

  test("are 1 KiB for long and 100 KiB for hostile", () => {
    expect(reasonOf("icon-long")).toHaveLength(1024);
    const hostile = reasonOf("icon-hostile") ?? "";
    expect(hostile).toHaveLength(100 * 1024);
    for (const part of ['"', "\\", "\n", "\t", "</script>", "\u{1F525}"]) expect(hostile).toContain(part);
  });

  test("change in numbers alone for churn", () => {
    expect(reasonOf("icon-churn", START_MS)).not.toBe(reasonOf("icon-churn", START_MS + 1));
    expect(masked(reasonOf("icon-churn", START_MS))).toBe(masked(reasonOf("icon-churn", START_MS + 12_345)));
  });
});
