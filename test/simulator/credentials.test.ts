import { describe, expect, test } from "vitest";

import { account, ACCOUNT, at, codesOf, failureOf, PAIR, sdk, start, TOKEN } from "../helpers/sdk-oracle.ts";

describe("credentials", () => {
  test.each([
    ["no header", {}, 400, 9106],
    ["an email alone", { "x-auth-email": PAIR.email }, 400, 9106],
    ["a key alone", { "x-auth-key": PAIR.key }, 400, 9106],
    ["a wrong key", { "x-auth-email": PAIR.email, "x-auth-key": "f".repeat(37) }, 400, 9103],
    ["a token as key", { "x-auth-email": PAIR.email, "x-auth-key": TOKEN }, 400, 6003],
    ["a malformed email", { "x-auth-email": "noc", "x-auth-key": PAIR.key }, 400, 6003],
    ["a key as token", { authorization: `Bearer ${PAIR.key}` }, 400, 6003],
    ["a malformed bearer", { authorization: "Bearer two words" }, 400, 6003],
    [
      "both schemes",
      { authorization: `Bearer ${TOKEN}`, "x-auth-email": PAIR.email, "x-auth-key": PAIR.key },
      400,
      6003,
    ],
    ["an unknown token", { authorization: "Bearer nobody" }, 401, 1000],
  ])("%s is refused", async (_case, headers, status, code) => {
    await using simulator = await start();
    const response = await fetch(`${simulator.baseUrl}/accounts/${ACCOUNT}/cni/interconnects`, { headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ success: false, errors: [{ code }] });
  });

  test("an expired token is refused, and verify says so", async () => {
    await using simulator = await start({ accounts: [{ ...account, tokenStatus: "expired" }] });
    const client = sdk(simulator);
    const error = await failureOf(client.networkInterconnects.interconnects.list(at));
    expect([error.status, ...codesOf(error)]).toEqual([403, 9109]);
    expect(await client.user.tokens.verify()).toMatchObject({ status: "expired" });
  });

  test("setAccount() takes a new token from the next request on", async () => {
    await using simulator = await start();
    simulator.setAccount({ ...account, credentials: ["new-token"] });
    await failureOf(sdk(simulator).networkInterconnects.interconnects.list(at));
    const { interconnects } = sdk(simulator, { apiToken: "new-token" }).networkInterconnects;
    expect((await interconnects.list(at)).items).toHaveLength(5);
  });
});
