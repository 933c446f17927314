import { expect, test } from "vitest";
import { TEXTFILE_FAMILIES, textfileOf } from "../../src/metrics/textfile.ts";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../helpers/entry-builder.ts";
import { parseExposition } from "../helpers/parse-exposition.ts";

const TARGETS = [buildTarget("icon-1"), buildTarget("icon-2", { labels: { circuit_id: "XC-1" } })];

test("textfileOf() has the families of one round, and none that one round cannot know", () => {
  const groups = [{ name: "both", members: TARGETS.map(({ key }) => key), minHealthy: 1 }];
  const state = replay([
    planned(buildPlan(TARGETS, { groups })),
    answer(instant(1000), "Down", "no light", TARGETS[0]?.key),
  ]);
  const families = parseExposition(textfileOf({ state, now: instant(2000) }), "text");
  expect([...families.keys()]).toEqual(TEXTFILE_FAMILIES);
  expect(TEXTFILE_FAMILIES.filter((name) => /_total$|since|exporter_/.test(name))).toEqual([]);
  const down = families.get("cloudflare_interconnect_state")?.samples.filter(({ value }) => value === 1);
  expect(down?.map(({ labels }) => [labels["interconnect"], labels["state"]])).toEqual([
    ["icon-1", "Down"],
    ["icon-2", "Unknown"],
  ]);
  expect(families.get("cloudflare_interconnect_info")?.samples[1]?.labels).toMatchObject({
    circuit_id: "XC-1",
  });
});
