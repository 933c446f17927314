import { expect, test } from "vitest";
import { decodeStatus } from "../../src/api/get-status.ts";

test.each([
  ['{"state":"Healthy"}', { word: "Healthy", reason: undefined }],
  ['{"state":"Down","reason":null}', { word: "Down", reason: undefined }],
  ['{"state":"Flapping","reason":"x","since":1}', { word: "Flapping", reason: "x" }],
  ['{"success":true,"errors":[],"result":{"state":"Down","reason":"x"}}', { word: "Down", reason: "x" }],
])("decodeStatus() reads %s", (body, status) => {
  const headers = { "content-type": "text/plain", "cf-ray": "8a1b2c3d4e5f6789-EWR" };
  expect(decodeStatus("x", headers, body)).toEqual({ ...status, cfRay: "8a1b2c3d4e5f6789-EWR" });
});

test.each([
  [
    '{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}',
    {},
    'code 10000 "Authentication error"',
  ],
  ["<html>", {}, "an HTML page"],
  ["page", { "content-type": "text/html" }, "an HTML page"],
  ["", {}, "an empty body"],
  [
    "\u001f\u008b",
    { "content-encoding": "gzip" },
    'a body with Content-Encoding "gzip", which was not asked for',
  ],
  ["[1]", {}, '"[1]"'],
])("decodeStatus() says what came instead: %s", (body, headers, came) => {
  const message = `Cannot read x: expected a JSON object with a string "state" in the HTTP 200, got ${came}`;
  expect(() => decodeStatus("x", headers, body)).toThrow(
    expect.objectContaining({ kind: "invalid_response", retryable: false, message }),
  );
});
