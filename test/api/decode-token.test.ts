import { expect, test } from "vitest";
import { decodeToken } from "../../src/api/decode-token.ts";

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

test.each([{}, null, { status: 1 }, []])("decodeToken() refuses %j", (result) => {
  expect(() => decode(result)).toThrow(/^Cannot read x: expected a JSON object with a string "status" in/);
});
