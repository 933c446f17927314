import { describe, expect, test } from "vitest";
import { estateOf } from "../../src/cli/estate.ts";
import { sceneOf } from "../../src/cli/scenes.ts";
import { testConfig } from "../helpers/generation-subject.ts";

const EAST = "023e105f4ecef8ad9ca31a8372d0c353";
const WEST = "0123456789abcdef0123456789abcdef";

/** An estate of two accounts; `east` with these interconnects, of which those of `members` are the group `pair`. */
async function estate(interconnects: readonly unknown[], members: readonly string[]) {
  return estateOf(
    await testConfig({
      accounts: [
        { name: "east", account_id: EAST, api_token: "t", interconnects },
        { name: "west", account_id: WEST, api_token: "t", interconnects: ["z"] },
      ],
      groups: members.length === 0 ? [] : [{ name: "pair", members }],
    }),
  );
}

describe("sceneOf()", () => {
  test.each([
    ["the first circuit in no group", ["a", "b", "c"], ["east/a"], "outage", "east/b"],
    ["one that is expected Healthy", [{ name: "a", expected_state: "Down" }, "b"], [], "outage", "east/b"],
    ["whom it says", ["a", "b"], [], "outage:west/z", "west/z"],
    ["a group", ["a", "b", "c"], ["east/a", "west/z"], "brownout:pair", "east/a, west/z"],
    ["all of an account", ["a", "b"], [], "pending:east", "east/a, east/b"],
    ["an interconnect whose name has a colon", ["a", "b:c"], [], "outage:east/b:c", "east/b:c"],
    ["the first account", ["a", "b"], [], "refused", "east"],
    ["an account by one of its circuits", ["a", "b"], [], "unavailable:west/z", "west"],
  ])("happens to %s", async (_, interconnects, members, text, who) => {
    expect(sceneOf(text, await estate(interconnects, members)).who).toBe(who);
  });

  test("happens to a whole group when no circuit is on its own", async () => {
    const { who, scene } = sceneOf("outage", await estate(["a", "b"], ["east/a", "east/b", "west/z"]));
    expect(who).toBe("east/a, east/b, west/z");
    expect([...scene.where]).toEqual([`${EAST}/a`, `${EAST}/b`, `${WEST}/z`]);
  });

  test("is of accounts by their ids", async () => {
    expect([...sceneOf("refused:west", await estate(["a"], [])).scene.where]).toEqual([WEST]);
  });

  test.each([
    ["outagee", 'got "outagee"; did you mean outage?'],
    ["", 'expected outage, brownout, pending, flap, refused, rate-limited, unavailable, got ""'],
    ["outage:east/x1", "expected an interconnect as account/interconnect, a group or an account"],
    ["outage:pari", 'got "pari"; did you mean pair?'],
  ])("refuses %j", async (text, message) => {
    const subject = await estate(["icon-a"], ["east/icon-a"]);
    expect(() => sceneOf(text, subject)).toThrow(message);
  });
});
