import { expect, test } from "vitest";
import { dashboardQueries } from "./story/dashboard-queries.ts";
import { DETAIL_DOWN } from "./story/detail-table.ts";
import { EXPORTER_DOWN } from "./story/exporter-table.ts";
import { OVERVIEW_DOWN } from "./story/overview-table.ts";
import { ruleQueries } from "./story/rule-queries.ts";
import { RULES_DOWN } from "./story/rules-table.ts";

test("the tables say something of every query of every panel and of every rule", () => {
  const names = [...OVERVIEW_DOWN, ...DETAIL_DOWN, ...EXPORTER_DOWN].map(([name]) => name);
  expect(names.toSorted()).toEqual([...dashboardQueries().keys()].toSorted());
  expect(RULES_DOWN.map(([name]) => name).toSorted()).toEqual([...ruleQueries().keys()].toSorted());
});
