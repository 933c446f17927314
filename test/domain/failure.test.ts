import { expect, test } from "vitest";
import { ApiError } from "../../src/domain/failure.ts";

test("ApiError carries what a poll needs to know, and is not retryable unless it says so", () => {
  const cause = new Error("socket closed");
  const options = { retryable: true, retryAfterMs: 5000, cfRay: "8a1b-SYD", cause };
  const error = new ApiError("network", "Cannot reach the API", options);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "ApiError",
    kind: "network",
    message: "Cannot reach the API",
    ...options,
  });
  expect(new ApiError("forbidden", "No")).toMatchObject({
    retryable: false,
    retryAfterMs: undefined,
    cfRay: undefined,
  });
});
