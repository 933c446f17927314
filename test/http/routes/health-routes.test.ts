import { expect, test } from "vitest";
import { httpSubject } from "../../helpers/http-subject.ts";

test.each([
  [true, 200, "Healthy\n"],
  [false, 503, "Not healthy: the scheduler does not turn, restart the process\n"],
])("/-/healthy says whether the scheduler turns: %j", async (alive, code, body) => {
  await using it = httpSubject({ isAlive: () => alive, whyNotReady: () => "the first round is not done" });
  const response = await it.app.inject("/-/healthy");
  expect([response.statusCode, response.body]).toEqual([code, body]);
  expect(response.headers["content-type"]).toBe("text/plain; charset=utf-8");
});

test.each([
  [undefined, 200, "Ready\n"],
  ["shutting down", 503, "Not ready: shutting down\n"],
])("/-/ready says why not: %j", async (why, code, body) => {
  await using it = httpSubject({ whyNotReady: () => why });
  const response = await it.app.inject("/-/ready");
  expect([response.statusCode, response.body]).toEqual([code, body]);
});
