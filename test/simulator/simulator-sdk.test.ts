import {
  APIConnectionError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "cloudflare";
import { describe, expect, test } from "vitest";

import {
  account,
  ACCOUNT,
  ACCOUNT_TOKEN,
  at,
  codesOf,
  failureOf,
  OTHER_ACCOUNT,
  PAIR,
  sdk,
  start,
} from "../helpers/sdk-oracle.ts";

describe("the official SDK reads from the simulator", () => {
  test.each([
    ["steady-01", { state: "Healthy" }],
    ["down-01-no-light", { state: "Down", reason: "no light detected" }],
    ["unhealthy-01-null-reason", { state: "Unhealthy", reason: null }],
    ["pending-01", { state: "Pending" }],
  ])("the status of %s", async (icon, expected) => {
    await using simulator = await start();
    const { interconnects } = sdk(simulator).networkInterconnects;
    expect(await interconnects.status(icon, at)).toEqual(expected);
  });

  test("an interconnect of either kind", async () => {
    await using simulator = await start();
    const { interconnects } = sdk(simulator).networkInterconnects;
    expect(await interconnects.get("steady-01", at)).toMatchObject({
      name: "steady-01",
      account: ACCOUNT,
      type: "direct",
    });
    expect(await interconnects.get("icon-gcp-01", at)).toMatchObject({ type: "gcp_partner" });
  });

  test("all pages of the list, once each", async () => {
    await using simulator = await start({ pageSize: 2 });
    const { interconnects } = sdk(simulator).networkInterconnects;
    const names: string[] = [];
    let pages = 0;
    let cursor: number | null | undefined;
    do {
      const page = await interconnects.list({ ...at, ...(cursor === undefined ? {} : { cursor }) });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.next;
      pages += 1;
    } while (typeof cursor === "number" && pages < 10);
    expect(names).toEqual(account.interconnects);
    expect(pages).toBe(3);
  });

  test("one page when the list fills it exactly", async () => {
    await using simulator = await start({ pageSize: 5 });
    const page = await sdk(simulator).networkInterconnects.interconnects.list(at);
    expect(page.items).toHaveLength(5);
    expect(page.next ?? null).toBeNull();
  });

  test("the list by limit, type and site", async () => {
    await using simulator = await start();
    const { interconnects } = sdk(simulator).networkInterconnects;
    const page = await interconnects.list({ ...at, limit: 1, cursor: 1 });
    expect(page).toMatchObject({ items: [{ name: "down-01-no-light" }], next: 2 });
    const partners = await interconnects.list({ ...at, type: "gcp_partner" });
    expect(partners.items.map(({ name }) => name)).toEqual(["icon-gcp-01"]);
    expect((await interconnects.list({ ...at, site: "nowhere" })).items).toEqual([]);
  });

  test("the verification of a user token and of an account token, each on its own path", async () => {
    await using simulator = await start();
    expect(await sdk(simulator).user.tokens.verify()).toMatchObject({ status: "active" });
    const { accounts, user } = sdk(simulator, { apiToken: ACCOUNT_TOKEN });
    expect(await accounts.tokens.verify({ account_id: OTHER_ACCOUNT })).toMatchObject({
      status: "active",
      expires_on: "2030-01-01T00:00:00Z",
    });
    const error = await failureOf(user.tokens.verify());
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(codesOf(error)).toEqual([1000]);
  });

  test("with email and key, which verify does not take", async () => {
    await using simulator = await start();
    const client = sdk(simulator, { apiEmail: PAIR.email, apiKey: PAIR.key });
    expect(await client.networkInterconnects.interconnects.status("pending-01", at)).toEqual({
      state: "Pending",
    });
    const error = await failureOf(client.user.tokens.verify());
    expect(error).toBeInstanceOf(BadRequestError);
    expect(codesOf(error)).toEqual([1001]);
  });
});

describe("the official SDK's errors from the simulator", () => {
  test.each([
    ["error-400-9103", BadRequestError, 9103],
    ["error-401", AuthenticationError, 1000],
    ["error-403", PermissionDeniedError, 10_000],
    ["error-404", NotFoundError, 1000],
    ["error-429", RateLimitError, 971],
    ["error-503", InternalServerError, 10_001],
  ])("%s", async (icon, type, code) => {
    await using simulator = await start({ accounts: [{ ...account, interconnects: [icon] }] });
    const error = await failureOf(sdk(simulator).networkInterconnects.interconnects.status(icon, at));
    expect(error).toBeInstanceOf(type);
    expect(codesOf(error)).toEqual([code]);
  });

  test("an unknown token, interconnect, account and a malformed account id", async () => {
    await using simulator = await start();
    const { interconnects } = sdk(simulator).networkInterconnects;
    const stranger = sdk(simulator, { apiToken: "nobody" }).networkInterconnects.interconnects;
    const failures = [
      await failureOf(stranger.list(at)),
      await failureOf(interconnects.status("no-such-icon", at)),
      await failureOf(interconnects.list({ account_id: OTHER_ACCOUNT })),
      await failureOf(interconnects.list({ account_id: "f".repeat(32) })),
      await failureOf(interconnects.list({ account_id: "not-an-id" })),
    ];
    expect(failures.map((error) => [error.status, codesOf(error)])).toEqual([
      [401, [1000]],
      [404, [1000]],
      [403, [10_000]],
      [403, [10_000]],
      [404, [7003]],
    ]);
  });

  test("a connection that is reset", async () => {
    await using simulator = await start({ accounts: [{ ...account, interconnects: ["reset"] }] });
    const error = await failureOf(sdk(simulator).networkInterconnects.interconnects.status("reset", at));
    expect(error).toBeInstanceOf(APIConnectionError);
  });
});
