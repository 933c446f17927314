import { expect, test } from "vitest";

import { interconnectOf } from "../../src/simulator/interconnect.ts";

const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/;

test("interconnectOf() has the required fields of a physical interconnect", () => {
  expect(interconnectOf(1, ACCOUNT, "icon-ewr-01")).toMatchObject({
    account: ACCOUNT,
    name: "icon-ewr-01",
    type: "direct",
    site: "ewr-a",
    slot_id: expect.stringMatching(UUID),
    speed: expect.stringMatching(/^100?G$/),
    facility: { name: "Example Facility EWR", address: ["1 Example Street", "Example City"] },
    virtual_port_reservation_id: expect.stringMatching(UUID),
  });
});

test("interconnectOf() has the required fields of a GCP partner interconnect, and no site", () => {
  const partner = interconnectOf(1, ACCOUNT, "icon-gcp-01");
  expect(partner).toMatchObject({ name: "icon-gcp-01", type: "gcp_partner", region: expect.any(String) });
  expect(partner).not.toHaveProperty("site");
});

test.each(["icon-ewr-01-legacy", "icon-gcp-01-legacy"])(
  "interconnectOf() leaves the fields of 2026 out of %s",
  (name) => {
    const keys = Object.keys(interconnectOf(1, ACCOUNT, name));
    expect(keys).not.toContain("virtual_port_reservation_id");
    expect(keys).not.toContain("ccr_device_name");
  },
);

test("interconnectOf() gives some devices a name and others null", () => {
  const devices = Array.from({ length: 40 }, (_, index) =>
    interconnectOf(1, ACCOUNT, `icon-lhr-${index}`),
  ).map((item) => ("ccr_device_name" in item ? item.ccr_device_name : undefined));
  expect(new Set(devices)).toEqual(new Set(["ccr01.lhr", "ccr02.lhr", null]));
});

test("interconnectOf() says the same for the same seed, account and name, and differs between names", () => {
  const first = interconnectOf(7, ACCOUNT, "icon-fra-01");
  expect(interconnectOf(7, ACCOUNT, "icon-fra-01")).toEqual(first);
  expect(interconnectOf(7, ACCOUNT, "icon-fra-02")).not.toMatchObject({
    virtual_port_reservation_id: first.virtual_port_reservation_id,
  });
});
