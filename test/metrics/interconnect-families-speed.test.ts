import { expect, test } from "vitest";
import { NO_INFO } from "../../src/domain/target.ts";
import { interconnectFamilies } from "../../src/metrics/interconnect-families.ts";
import { buildPlan, buildTarget, entryAfter } from "../helpers/entry-builder.ts";

/** The values of the family's rows for an interconnect of this speed. */
function valuesFor(speed: string): number[] {
  const family = interconnectFamilies([]).find(
    ({ name }) => name === "cloudflare_interconnect_speed_bytes_per_second",
  );
  const target = buildTarget("icon-ewr-01", { info: { ...NO_INFO, speed } });
  return (family?.samples(entryAfter([], buildPlan([target]))) ?? []).map(({ value }) => value);
}

test("the speed is in bytes per second, and has no row where it is not known or not understood", () => {
  expect(valuesFor("10G")).toEqual([1.25e9]);
  expect(valuesFor("500M")).toEqual([6.25e7]);
  expect(valuesFor("")).toEqual([]);
  expect(valuesFor("as ordered")).toEqual([]);
});
