import { describe, expect, test } from "vitest";
import { decodeList } from "../../src/api/decode-list.ts";
import { NO_INFO } from "../../src/domain/target.ts";

const PHYSICAL = {
  account: "of somebody else",
  name: "icon-ewr-01",
  type: "direct",
  owner: "x",
  site: "ewr-a",
  slot_id: "4f0a",
  speed: "10G",
  facility: { name: "Example\nFacility", address: ["1 Example Street"] },
  virtual_port_reservation_id: "1",
  ccr_device_name: "ccr01.ewr",
};

function decode(body: unknown) {
  return decodeList("the list of x", {}, typeof body === "string" ? body : JSON.stringify(body));
}

describe("decodeList() reads", () => {
  test("a physical interconnect and one of a cloud partner, raw or in an envelope", () => {
    const partner = { account: "a", name: "icon-gcp", type: "gcp_partner", region: "us-east4", speed: "50M" };
    const list = { items: [PHYSICAL, partner], next: null };
    const page = {
      items: [
        {
          name: "icon-ewr-01",
          info: {
            type: "direct",
            site: "ewr-a",
            facility: "Example Facility",
            speed: "10G",
            device: "ccr01.ewr",
            region: "",
            slotId: "4f0a",
          },
        },
        { name: "icon-gcp", info: { ...NO_INFO, type: "gcp_partner", region: "us-east4", speed: "50M" } },
      ],
      unusable: 0,
      next: undefined,
    };
    expect(decode(list)).toEqual(page);
    expect(decode({ success: true, errors: [], result: list })).toEqual(page);
  });

  test("an item that has its name alone, or all else of a wrong type", () => {
    const wrong = {
      name: "b",
      type: 1,
      site: null,
      facility: "x",
      speed: 10,
      ccr_device_name: null,
      region: {},
    };
    expect(decode({ items: [{ name: "a" }, wrong, { name: "c", facility: { name: 7 } }] })).toMatchObject({
      items: ["a", "b", "c"].map((name) => ({ name, info: NO_INFO })),
      unusable: 0,
    });
  });

  test("on past items without a name that can be asked for", () => {
    const items = [{}, null, "x", 1, [], { name: 1 }, { name: "" }, { name: ".." }, { name: "\ud800" }];
    expect(decode({ items: [...items, { name: "good" }] })).toMatchObject({
      items: [{ name: "good" }],
      unusable: items.length,
    });
  });

  test.each([
    [{ items: [] }, undefined],
    [{ items: [], next: null }, undefined],
    [{ items: [], next: 0 }, undefined],
    [{ items: [], next: "" }, undefined],
    [{ items: [], next: 50 }, "50"],
    [{ items: [], next: "b2Zmc2V0" }, "b2Zmc2V0"],
  ])("the end or the next cursor from %j", (body, next) => {
    expect(decode(body).next).toBe(next);
  });
});

test.each([
  ["[]", '"[]"'],
  ['{"items":{}}', '"{"items":{}}"'],
  ['{"items":[],"next":{"cursor":1}}', '"{"items":[],"next":{"cursor":1}}"'],
  ["<html><title>Log in</title>", 'an HTML page titled "Log in"'],
  ['{"success":false,"errors":[{"code":7,"message":"no"}],"result":null}', 'code 7 "no"'],
])("decodeList() refuses %s and says what came", (body, came) => {
  expect(() => decode(body)).toThrow(
    expect.objectContaining({
      kind: "invalid_response",
      retryable: false,
      message: `Cannot read the list of x: expected a JSON object with a list "items", and "next" absent, null, a number or a string in the HTTP 200, got ${came}`,
    }),
  );
});
