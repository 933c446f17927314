import { expect, test } from "vitest";
import { circuitLink, runbookOfState } from "../../../src/http/pages/links.ts";
import { readRunbooks } from "../../../src/cli/read-runbooks.ts";
import { answer, buildPlan, buildTarget, entryAfter, failure, instant } from "../../helpers/entry-builder.ts";

const LATE = instant(700_000);

test.each([
  [[answer(instant(1), "Healthy")], undefined],
  [[answer(instant(1), "Down")], "CloudflareInterconnectDown"],
  [[answer(instant(1), "Unhealthy")], "CloudflareInterconnectUnhealthy"],
  [[answer(instant(1), "Pending")], "CloudflareInterconnectPendingTooLong"],
  [[answer(instant(1), "Sleeping")], "CloudflareInterconnectUnknown"],
  [[failure(instant(1), "not_found"), failure(instant(2), "not_found")], "CloudflareInterconnectUnknown"],
  [[answer(instant(1), "Healthy"), failure(LATE, "timeout")], "CloudflareInterconnectDataStale"],
  [[failure(LATE, "forbidden")], "CloudflareInterconnectAuthFailing"],
  [[failure(LATE, "rate_limited")], "CloudflareInterconnectRateLimited"],
  [[failure(LATE, "throttled")], "CloudflareInterconnectBudgetStretched"],
  [[], "CloudflareInterconnectDataStale"],
])("after %j what to do stands in %s, which exists", (events, name) => {
  expect(runbookOfState(entryAfter(events))).toBe(name);
  expect([undefined, ...readRunbooks("docs/runbooks").keys()]).toContain(name);
});

test("a circuit that is as expected has nothing to do, and a Healthy one that is not has", () => {
  const plan = buildPlan([buildTarget("icon-ewr-01", { expectedState: "Pending" })]);
  expect(runbookOfState(entryAfter([answer(instant(1), "Pending")], plan))).toBeUndefined();
  expect(runbookOfState(entryAfter([answer(instant(1), "Healthy")], plan))).toBe(
    "CloudflareInterconnectNotAsExpected",
  );
});

test("circuitLink() is one path, whatever the names hold", () => {
  expect(circuitLink({ linkPrefix: "/cni" }, buildTarget("a/b ?#%", { account: "x&y" }))).toBe(
    "/cni/interconnects/x%26y/a%2Fb%20%3F%23%25",
  );
});
