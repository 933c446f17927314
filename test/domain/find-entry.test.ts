import { expect, test } from "vitest";
import { findEntry } from "../../src/domain/find-entry.ts";
import { buildPlan, buildTarget, planned, replay } from "../helpers/entry-builder.ts";

test("findEntry() finds by account and name, and takes no part of a name for an account", () => {
  const state = replay([planned(buildPlan([buildTarget("cage/icon-01"), buildTarget("icon-01")]))]);
  expect(findEntry(state, "production", "cage/icon-01")).toBe(state.entries[0]);
  expect(findEntry(state, "production", "icon-01")).toBe(state.entries[1]);
  expect(findEntry(state, "production/cage", "icon-01")).toBeUndefined();
  expect(findEntry(state, "production", "icon-02")).toBeUndefined();
  expect(findEntry(state, "__proto__", "constructor")).toBeUndefined();
});
