import { expect, test } from "vitest";

import { DEMO_INTERCONNECTS, demoWorld } from "../../src/simulator/demo-world.ts";
import { faultOf } from "../../src/simulator/fault.ts";
import { interconnectOf } from "../../src/simulator/interconnect.ts";
import { statusAt } from "../../src/simulator/world.ts";

const START_MS = 1_800_000_000_000;
const world = demoWorld(START_MS);

function outageAt(second: number): string {
  return statusAt(world, "icon-fra-02-outage-no-light", START_MS + second * 1000).state;
}

test("the demo has twelve interconnects in three sites", () => {
  const sites = DEMO_INTERCONNECTS.map((name) => interconnectOf(1, "0".repeat(32), name)).map((item) =>
    "site" in item ? item.site : "",
  );
  expect(DEMO_INTERCONNECTS).toHaveLength(12);
  expect(new Set(sites.filter((site) => site !== ""))).toEqual(new Set(["ewr-a", "lhr-a", "fra-a"]));
});

test("the demo shows all four states within its first minute", () => {
  const states = DEMO_INTERCONNECTS.flatMap((name) =>
    Array.from({ length: 60 }, (_, second) => statusAt(world, name, START_MS + second * 1000).state),
  );
  expect(new Set(states)).toEqual(new Set(["Healthy", "Unhealthy", "Down", "Pending"]));
});

test("the demo begins with nothing down and has an outage of minutes", () => {
  expect(DEMO_INTERCONNECTS.map((name) => statusAt(world, name, START_MS).state)).not.toContain("Down");
  expect([15, 60, 120, 150].map(outageAt)).toEqual(["Down", "Down", "Down", "Down"]);
});

test("the demo has a slow one, a missing one and one with bursts of 500s; the others answer", () => {
  const faulty = DEMO_INTERCONNECTS.filter((name) => faultOf(name) !== undefined);
  expect(faulty).toEqual(["icon-lhr-03-slow-1500", "icon-fra-03-burst-500", "icon-fra-04-error-404"]);
});
