import { expect, test } from "vitest";
import { groupHealth } from "../../src/domain/group.ts";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../helpers/entry-builder.ts";

test("groupHealth() counts the healthy members, and as unknown those of which nothing is known", () => {
  const targets = ["a", "b", "c", "d"].map((name) => buildTarget(name));
  const members = [...targets.map(({ key }) => key), "production/not-polled"];
  const group = { name: "newyork", members, minHealthy: 2 };
  const start = replay([planned(buildPlan(targets))]);
  expect(groupHealth(group, start)).toEqual({ healthy: 0, unknown: 5 });
  const at = instant(0);
  const later = replay(
    [
      answer(at, "Healthy", "", "production/a"),
      answer(at, "Down", "", "production/b"),
      answer(at, "Degraded", "", "production/c"),
    ],
    start,
  );
  expect(groupHealth(group, later)).toEqual({ healthy: 1, unknown: 3 });
});
