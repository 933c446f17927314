import { expect, test } from "vitest";
import { authHeaders } from "../../src/api/credentials.ts";
import { decodeToken, type VerifyRequest } from "../../src/api/verify-token.ts";
import { Secret } from "../../src/base/secret.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { failureOf, noSignal, subject } from "../helpers/client-subject.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const USER_TOKEN = new Secret("cfut_token-of-a-user-0000000000000001");
const ACCOUNT_TOKEN = new Secret("cfat_token-of-an-account-00000000002");

function requestWith(token: Secret): VerifyRequest {
  const authorization = authHeaders(token);
  return { account: "production", accountId: ACCOUNT, authorization };
}

test.each([
  [USER_TOKEN, "verify-user"],
  [new Secret("0123456789012345678901234567890123456789"), "verify-user"],
  [new Secret("x-cfat_45678901234567890123456789012345"), "verify-user"],
  [ACCOUNT_TOKEN, "verify-account"],
])("verifyToken() asks the path that knows the token's kind", async (token, operation) => {
  const account = { accountId: ACCOUNT, credentials: [token.reveal()], interconnects: [] };
  await using api = await startSimulator({
    accounts: [{ ...account, tokenExpiresOn: "2027-01-15T08:00:00Z" }],
  });
  await using it = subject(api.baseUrl);
  expect(await it.client.verifyToken(requestWith(token), noSignal)).toEqual({
    status: "active",
    expiresAtUnixMs: 1_800_000_000_000,
  });
  expect(api.requests).toMatchObject([{ operation, status: 200 }]);
  expect(it.observed).toMatchObject([{ operation: "verify", account: "production", code: 200 }]);
});

test("verifyToken() tells a token without an end, and one that is disabled, from one that is wrong", async () => {
  const account = { accountId: ACCOUNT, interconnects: [] };
  await using api = await startSimulator({
    accounts: [{ ...account, credentials: [USER_TOKEN.reveal()], tokenStatus: "disabled" }],
  });
  await using it = subject(api.baseUrl);
  expect(await it.client.verifyToken(requestWith(USER_TOKEN), noSignal)).toEqual({
    status: "disabled",
    expiresAtUnixMs: undefined,
  });
  const error = await failureOf(it.client.verifyToken(requestWith(ACCOUNT_TOKEN), noSignal));
  expect(error).toMatchObject({ kind: "unauthorized" });
  expect(error.message).toContain('Cannot read the validity of the token of "production": HTTP 401, code');
});

function decode(result: unknown) {
  return decodeToken("x", {}, JSON.stringify({ success: true, errors: [], messages: [], result }));
}

test.each([
  ["2027-01-15T08:00:00Z", 1_800_000_000_000],
  ["2027-01-15T09:00:00.000+01:00", 1_800_000_000_000],
  [null, undefined],
  [undefined, undefined],
  [1, undefined],
  ["", undefined],
  ["1", undefined],
  ["soon", undefined],
  ["2027-13-45T08:00:00Z", undefined],
])("decodeToken() reads the expiry %j", (expires, expiresAtUnixMs) => {
  expect(decode({ id: "1", status: "active", expires_on: expires })).toEqual({
    status: "active",
    expiresAtUnixMs,
  });
});

test("decodeToken() believes no status beside a failure", () => {
  const body = '{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}],"status":"active"}';
  const came = 'got "success": false, code 1000 "Invalid API Token"';
  expect(() => decodeToken("x", {}, body)).toThrow(came);
});

test.each([{}, null, { status: 1 }, []])("decodeToken() refuses %j", (result) => {
  expect(() => decode(result)).toThrow(/^Cannot read x: expected a JSON object with a string "status" in/);
});
