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
  '"result":{"state":"Healthy"}',
  '"state":"Healthy"',
  '"state":"Healthy","result":{"state":"Healthy"}',
  '"result":null',
])("decodeStatus() believes nothing beside a failure: %s", (beside) => {
  const errors = '[{"code":7,"message":"no"},{"code":8,"message":"nor this"}]';
  const cases = [
    [`{"success":false,"errors":${errors},${beside}}`, '"success": false, code 7 "no", code 8 "nor this"'],
    [`{${beside},"success":false}`, '"success": false without an error'],
    [`{${beside},"success":"false"}`, 'a "success" that is not true without an error'],
    [`{${beside},"success":null}`, 'a "success" that is not true without an error'],
    [`{"success":true,"result":{${beside},"success":false}}`, '"success": false without an error'],
  ] as const;
  for (const [body, came] of cases) {
    const message = `Cannot read x: expected a JSON object with a string "state" in the HTTP 200, got ${came}`;
    expect(() => decodeStatus("x", {}, body)).toThrow(
      expect.objectContaining({ kind: "invalid_response", retryable: false, message }),
    );
  }
});

test.each([
  [
    '{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}',
    {},
    '"success": false, code 10000 "Authentication error"',
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

test("decodeStatus() takes out of a reason what has the form of a credential, whosever it is", () => {
  const token = "cfut_0123456789abcdefghijklmnopqrstuv";
  const escaped = Array.from(token, (each) => `\\u00${each.charCodeAt(0).toString(16)}`).join("");
  const { reason } = decodeStatus("x", {}, `{"state":"Down","reason":"refused ${escaped}, Bearer ${token}"}`);
  expect(reason).toBe("refused <secret>, Bearer <secret>");
});
