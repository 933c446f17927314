import { describe, expect, test } from "vitest";
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

describe("planTargets() with discovered interconnects", () => {
  const info = { ...NO_INFO, speed: "10G", site: "ewr-a" };
  const listed = { name: "icon-02", expectedState: "Pending" as const, labels: { circuit_id: "XC-1" } };

  test("takes them after the listed ones, Healthy expected, without labels", () => {
    const found = new Map([["production", [{ name: "icon-01", info }]]]);
    const accounts = [{ name: "production", accountId: "a1", interconnects: [listed] }];
    expect(planTargets(accounts, found)).toEqual([
      expect.objectContaining({ key: "production/icon-02", expectedState: "Pending", info: NO_INFO }),
      {
        key: "production/icon-01",
        account: "production",
        accountId: "a1",
        interconnect: "icon-01",
        expectedState: "Healthy",
        labels: {},
        info,
      },
    ]);
  });

  test("gives a listed one what was discovered of it, and names it once", () => {
    const found = new Map([["production", [{ name: "icon-02", info }]]]);
    const targets = planTargets([{ name: "production", accountId: "a1", interconnects: [listed] }], found);
    expect(targets).toHaveLength(1);
    expect(targets[0]).toMatchObject({ expectedState: "Pending", labels: listed.labels, info });
  });

  test("keeps accounts apart, and ignores one that the configuration does not have", () => {
    const found = new Map([
      ["lab", [{ name: "icon-01", info }]],
      ["gone", [{ name: "icon-01", info }]],
    ]);
    const accounts = ["production", "lab"].map((name) => ({ name, accountId: name, interconnects: [] }));
    expect(planTargets(accounts, found).map(({ key }) => key)).toEqual(["lab/icon-01"]);
  });
});
