import { describe, expect, test } from "vitest";
import { exposition } from "../../src/metrics/exposition.ts";
import { GROUP_FAMILIES, groupBlocks } from "../../src/metrics/group-families.ts";
import type { ExporterState } from "../../src/domain/state.ts";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../helpers/entry-builder.ts";
import { parseExposition } from "../helpers/parse-exposition.ts";

const PREFIX = "cloudflare_interconnect_group_";
const TARGETS = ["icon-ewr-01", "icon-ewr-02", "icon-lhr-01"].map((name) => buildTarget(name));
const NEWYORK = {
  name: "newyork",
  members: ["production/icon-ewr-01", "production/icon-ewr-02"],
  minHealthy: 1,
};
const LONDON = {
  name: "london",
  members: ["production/icon-lhr-01", "production/not/polled"],
  minHealthy: 2,
};

/** The rows of all families in a format, labels as `a=b`, then the value; checked by the strict parser. */
function rows(state: ExporterState, format: "text" | "openmetrics" = "text"): Record<string, string[]> {
  const families = parseExposition(exposition(groupBlocks(state), format), format);
  return Object.fromEntries(
    [...families].map(([name, { samples }]) => [
      name.slice(PREFIX.length),
      samples.map(({ labels, value }) =>
        [...Object.entries(labels).map(([key, text]) => `${key}=${text}`), value].join(" "),
      ),
    ]),
  );
}

describe("the group families", () => {
  test.each(["text", "openmetrics"] as const)("say in %s how each group is", (format) => {
    const state = replay([
      planned(buildPlan(TARGETS, { groups: [NEWYORK, LONDON] })),
      answer(instant(0), "Healthy", "", "production/icon-ewr-01"),
      answer(instant(0), "Down", "", "production/icon-ewr-02"),
    ]);
    expect(rows(state, format)).toEqual({
      members: ["group=newyork 2", "group=london 2"],
      healthy_members: ["group=newyork 1", "group=london 0"],
      unknown_members: ["group=newyork 0", "group=london 2"],
      min_healthy: ["group=newyork 1", "group=london 2"],
      member_info: [
        "group=newyork account=production interconnect=icon-ewr-01 1",
        "group=newyork account=production interconnect=icon-ewr-02 1",
        "group=london account=production interconnect=icon-lhr-01 1",
        "group=london account=production interconnect=not/polled 1",
      ],
    });
  });

  test("are not there without groups, and go with their group", () => {
    expect(rows(replay([planned(buildPlan(TARGETS))]))).toEqual({});
    const both = replay([planned(buildPlan(TARGETS, { groups: [NEWYORK, LONDON] }))]);
    const one = replay([planned(buildPlan(TARGETS, { groups: [LONDON] }))], both);
    expect(rows(one)["members"]).toEqual(["group=london 2"]);
  });

  test("are gauges whose label names are those of their rows, and say where polled values come from", () => {
    const state = replay([planned(buildPlan(TARGETS, { groups: [NEWYORK] }))]);
    for (const { name, type, help, labelNames, samples } of GROUP_FAMILIES) {
      expect(type).toBe("gauge");
      expect(help.includes("as last read from the API")).toBe(/healthy_members|unknown_members/.test(name));
      for (const { labels } of samples(NEWYORK, state)) {
        expect(labels.map(([label]) => label)).toEqual(labelNames);
      }
    }
  });
});
