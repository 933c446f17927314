import { property, string, integer, assert as check } from "fast-check";
import { describe, expect, test } from "vitest";
import { retryAfterOf } from "../../src/api/retry-after.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110. */
const EXAMPLE_MS = Date.UTC(1994, 10, 6, 8, 49, 37);

/** Of an answer without a date. */
function waitOf(value: string | undefined, nowUnixMs: number): number | undefined {
  return retryAfterOf({ "retry-after": value }, nowUnixMs);
}

test.each([
  ["0", 0],
  ["30", 30_000],
  [" 30 ", 30_000],
  ["007", 7000],
  ["86401", DAY_MS + 1000],
  ["31536000", 365 * DAY_MS],
  ["9".repeat(400), Number.MAX_SAFE_INTEGER],
])("retryAfterOf() reads whole seconds, however many: %s", (value, wanted) => {
  expect(waitOf(value, EXAMPLE_MS)).toBe(wanted);
});

test.each(["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])(
  "retryAfterOf() reads an HTTP date: %s",
  (value) => {
    expect(waitOf(value, EXAMPLE_MS - 5000)).toBe(5000);
    expect(waitOf(value, EXAMPLE_MS + 5000)).toBe(0);
    expect(waitOf(value, EXAMPLE_MS - 2 * DAY_MS)).toBe(2 * DAY_MS);
  },
);

const NOW_MS = Date.UTC(2027, 0, 15, 8);

/** An answer that asks to wait until so long after it was written by the API's clock, which is off ours by `skewMs`. */
function answerAsking(form: (unixMs: number) => string, waitMs: number, skewMs: number) {
  const writtenMs = NOW_MS + skewMs;
  return { date: new Date(writtenMs).toUTCString(), "retry-after": form(writtenMs + waitMs) };
}

describe.each([
  ["an HTTP date", (unixMs: number) => new Date(unixMs).toUTCString()],
  ["a Unix time in seconds", (unixMs: number) => String(unixMs / 1000)],
  ["a Unix time in milliseconds", String],
])("retryAfterOf() reads %s", (_name, form) => {
  test.each([0, HOUR_MS, -600_000, 300 * DAY_MS, -20 * 365 * DAY_MS])(
    "against the answer's own date, whose clock is off ours by %d ms",
    (skewMs) => {
      for (const waitMs of [0, 3000, HOUR_MS, 7 * DAY_MS]) {
        expect(retryAfterOf(answerAsking(form, waitMs, skewMs), NOW_MS)).toBe(waitMs);
      }
      expect(retryAfterOf(answerAsking(form, -5000, skewMs), NOW_MS)).toBe(0);
    },
  );

  test.each([undefined, "", "soon", "0"])("against our clock when the answer's date is %j", (date) => {
    expect(retryAfterOf({ date, "retry-after": form(NOW_MS + 3000) }, NOW_MS)).toBe(3000);
  });
});

test("retryAfterOf() takes a number for seconds that is a time of another year", () => {
  expect(waitOf("1500000000", NOW_MS)).toBe(1_500_000_000_000);
  expect(waitOf("1500000000000", NOW_MS)).toBe(1_500_000_000_000_000);
});

test("retryAfterOf() reads seconds whatever the answer's date says", () => {
  const headers = { date: new Date(0).toUTCString(), "retry-after": "30" };
  expect(retryAfterOf(headers, NOW_MS)).toBe(30_000);
});

test("retryAfterOf() reads a two-digit year as one near now", () => {
  const now = Date.UTC(2027, 0, 15, 8);
  expect(waitOf("Friday, 15-Jan-27 08:00:09 GMT", now)).toBe(9000);
  expect(waitOf("Sunday, 06-Nov-94 08:49:37 GMT", now)).toBe(0);
});

test.each([
  undefined,
  "",
  "-1",
  "1.5",
  "1e3",
  "0x10",
  "soon",
  "30 s",
  "Sun, 06 Nov 1994 08:49:37",
  "Sun, 6 Nov 1994 08:49:37 GMT",
  "sun, 06 nov 1994 08:49:37 GMT",
  "1994-11-06T08:49:37Z",
  "Mon, 06 Nov 1994 08:49:37 GMT",
  "Wed, 30 Feb 1994 08:49:37 GMT",
  "Wed, 02 Mar 1994 24:00:00 GMT",
  "Wed, 02 Foo 1994 08:00:00 GMT",
  "Sun, 06 Nov 0094 08:49:37 GMT",
])("retryAfterOf() takes %s for not said", (value) => {
  expect(waitOf(value, EXAMPLE_MS)).toBeUndefined();
});

test("retryAfterOf() reads every date as JavaScript writes it", () => {
  const second = integer({ min: 0, max: 7_000_000_000 });
  const ahead = integer({ min: 0, max: 86_400 });
  check(
    property(second, ahead, (now, seconds) => {
      const value = new Date((now + seconds) * 1000).toUTCString();
      expect(waitOf(value, now * 1000)).toBe(seconds * 1000);
    }),
  );
});

test("retryAfterOf() is never negative and always a number, whatever comes", () => {
  check(
    property(string({ unit: "binary" }), integer(), (value, now) => {
      const ms = waitOf(value, now) ?? 0;
      expect(ms >= 0 && Number.isFinite(ms)).toBe(true);
    }),
  );
});
