import { expect, test } from "vitest";
import { planTargets } from "../../src/domain/plan.ts";
import { NO_INFO } from "../../src/domain/target.ts";

test("planTargets() gives one target per interconnect, in the order of the configuration", () => {
  const labels = { circuit_id: "XC-20417" };
  const targets = planTargets([
    {
      name: "production",
      accountId: "a1",
      interconnects: [
        { name: "icon-02", expectedState: "Pending", labels },
        { name: "icon-01", expectedState: "Healthy", labels: {} },
      ],
    },
    { name: "empty", accountId: "a2", interconnects: [] },
    {
      name: "lab",
      accountId: "a3",
      interconnects: [{ name: "icon-01", expectedState: "Healthy", labels: {} }],
    },
  ]);
  expect(targets.map(({ key }) => key)).toEqual(["production/icon-02", "production/icon-01", "lab/icon-01"]);
  expect(targets[0]).toEqual({
    key: "production/icon-02",
    account: "production",
    accountId: "a1",
    interconnect: "icon-02",
    expectedState: "Pending",
    labels,
    info: NO_INFO,
  });
});
