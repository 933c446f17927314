import { describe, expect, test } from "vitest";
import { estateOf } from "../../src/cli/estate.ts";
import { testConfig } from "../helpers/generation-subject.ts";

const EAST = "023e105f4ecef8ad9ca31a8372d0c353";
const WEST = "0123456789abcdef0123456789abcdef";
const keysOf = (estate: ReturnType<typeof estateOf>) => estate.circuits.map(({ key }) => key);

function account(name: string, accountId: string, discovery: object) {
  return { name, account_id: accountId, api_token: "t", discovery };
}

describe("estateOf()", () => {
  test("has what is listed, with expected states and groups, and nothing that is not", async () => {
    const estate = estateOf(
      await testConfig({
        accounts: [
          {
            name: "east",
            account_id: EAST,
            api_token: "t",
            interconnects: ["a", { name: "b", expected_state: "Pending" }],
          },
        ],
        groups: [{ name: "pair", members: ["east/a"] }],
      }),
    );
    expect(estate.accounts).toEqual([{ accountId: EAST, credentials: ["t"], interconnects: ["a", "b"] }]);
    expect(estate.circuits).toMatchObject([
      { key: "east/a", expectedState: "Healthy", group: "pair" },
      { key: "east/b", expectedState: "Pending", group: undefined },
    ]);
    expect(estate.madeUp.size).toBe(0);
  });

  test("finds what discovery would: members of groups and plain includes, none that is excluded", async () => {
    const discovery = { include: ["icon-*", "plain"], exclude: ["*-gone"] };
    const estate = estateOf(
      await testConfig({
        accounts: [{ name: "east", account_id: EAST, api_token: "t", discovery }],
        groups: [{ name: "pair", members: ["east/icon-1", "east/icon-gone"] }],
      }),
    );
    expect(estate.accounts[0]?.interconnects).toEqual(["icon-1", "icon-gone", "plain"]);
    expect(keysOf(estate)).toEqual(["east/icon-1", "east/plain"]);
    expect(estate.madeUp.size).toBe(0);
  });

  test("makes up two that discovery takes where nothing is known, and says for which account", async () => {
    const estate = estateOf(
      await testConfig({
        accounts: [
          account("east", EAST, { include: ["icon-?-*"], exclude: ["*-01"] }),
          account("west", WEST, { exclude: ["*"] }),
        ],
      }),
    );
    expect(keysOf(estate)).toEqual(["east/icon-x-simulated-02"]);
    expect([...estate.madeUp]).toEqual(["east", "west"]);
  });

  test("is one account at Cloudflare for two of the configuration with one id, each with its credential", async () => {
    const estate = estateOf(
      await testConfig({
        accounts: [
          { name: "east", account_id: EAST, api_token: "t", interconnects: ["a"] },
          {
            name: "key",
            account_id: EAST,
            api_email: "x@example.com",
            api_key: "k",
            discovery: { enabled: true },
          },
          { name: "again", account_id: EAST, api_token: "t", interconnects: ["b"] },
        ],
      }),
    );
    expect(estate.accounts).toEqual([
      {
        accountId: EAST,
        credentials: ["t", { email: "x@example.com", key: "k" }],
        interconnects: ["a", "b"],
      },
    ]);
    expect(keysOf(estate)).toEqual(["east/a", "key/a", "key/b", "again/b"]);
  });
});
