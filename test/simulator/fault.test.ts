import { describe, expect, test } from "vitest";

import { faultOf } from "../../src/simulator/fault.ts";
import { occasionOf, strikes } from "../../src/simulator/occasion.ts";

describe("faultOf()", () => {
  test.each([
    "icon-ewr-01",
    "icon-flap",
    "icon-down-empty-reason",
    "terror-503",
    "icon-slow",
    "hangar-01",
    "icon-404",
  ])("finds nothing in %s", (name) => {
    expect(faultOf(name)).toBeUndefined();
  });

  test.each([
    ["icon-error-503", { status: 503, body: "json", code: undefined }],
    ["icon-error-503-html", { status: 503, body: "html" }],
    ["icon-error-404-text", { status: 404, body: "text" }],
    ["icon-error-500-empty", { status: 500, body: "empty" }],
    ["icon-error-400-6003", { status: 400, code: 6003 }],
    ["icon-error-403-ip", { status: 403, location: true }],
    ["icon-error-404-01", { status: 404, code: undefined }],
    ["icon-error-429", { retryAfter: { form: "seconds", seconds: 60 }, code: undefined }],
    ["icon-error-429-5", { retryAfter: { form: "seconds", seconds: 5 }, code: undefined }],
    ["icon-error-429-10000", { retryAfter: { form: "seconds", seconds: 60 }, code: 10_000 }],
    ["icon-error-429-date-90", { retryAfter: { form: "date", seconds: 90 } }],
    ["icon-error-429-bare-971", { retryAfter: undefined, code: 971 }],
  ])("reads the error in %s", (name, expected) => {
    expect(faultOf(name)?.misbehaviour).toMatchObject({ kind: "error", ...expected });
  });

  test("combines a delay with an error", () => {
    expect(faultOf("icon-slow-200-error-503")).toMatchObject({
      headersDelayMs: 200,
      misbehaviour: { status: 503 },
    });
    expect(faultOf("icon-slow-body-300")).toMatchObject({ headersDelayMs: 0, bodyDelayMs: 300 });
  });

  test("reads list- as the list's fault", () => {
    expect(faultOf("icon-list-error-503")?.scope).toBe("list");
    expect(faultOf("icon-error-503")?.scope).toBe("interconnect");
  });
});

describe("strikes()", () => {
  const moment = { unixMs: 0, beatMs: 1000, epochMs: 0 };
  const hits = (name: string, requests: number): number[] =>
    Array.from({ length: requests }, (_, index) => index + 1).filter((nth) =>
      strikes(occasionOf(name), name, { ...moment, nth }),
    );

  test.each([
    ["icon-error-404", [1, 2, 3, 4, 5, 6]],
    ["icon-404-once", [1]],
    ["icon-error-503-first-2", [1, 2]],
    ["icon-error-503-every-3", [3, 6]],
  ])("hits the right requests of %s", (name, expected) => {
    expect(hits(name, 6)).toEqual(expected);
  });

  test("takes a quarter of the time in a burst, in one piece", () => {
    const name = "icon-burst-500";
    const struck = Array.from({ length: 240 }, (_, step) =>
      strikes(occasionOf(name), name, { ...moment, nth: 1, unixMs: step * 100 }),
    );
    expect(struck.filter(Boolean)).toHaveLength(60);
    expect(struck.filter((now, index) => index > 0 && now !== struck[index - 1]).length).toBeLessThanOrEqual(
      4,
    );
  });
});
