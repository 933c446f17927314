import { property, string, integer, assert as check } from "fast-check";
import { expect, test } from "vitest";
import { parseRetryAfter } from "../../src/api/retry-after.ts";

const DAY_MS = 86_400_000;
/** Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110. */
const EXAMPLE_MS = Date.UTC(1994, 10, 6, 8, 49, 37);

test.each([
  ["0", 0],
  ["30", 30_000],
  [" 30 ", 30_000],
  ["007", 7000],
  ["86401", DAY_MS],
  ["9".repeat(400), DAY_MS],
])("parseRetryAfter() reads whole seconds: %s", (value, wanted) => {
  expect(parseRetryAfter(value, EXAMPLE_MS)).toBe(wanted);
});

test.each(["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])(
  "parseRetryAfter() reads an HTTP date: %s",
  (value) => {
    expect(parseRetryAfter(value, EXAMPLE_MS - 5000)).toBe(5000);
    expect(parseRetryAfter(value, EXAMPLE_MS + 5000)).toBe(0);
    expect(parseRetryAfter(value, EXAMPLE_MS - 2 * DAY_MS)).toBe(DAY_MS);
  },
);

test("parseRetryAfter() reads a two-digit year as one near now", () => {
  const now = Date.UTC(2027, 0, 15, 8);
  expect(parseRetryAfter("Friday, 15-Jan-27 08:00:09 GMT", now)).toBe(9000);
  expect(parseRetryAfter("Sunday, 06-Nov-94 08:49:37 GMT", now)).toBe(0);
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
])("parseRetryAfter() takes %s for not said", (value) => {
  expect(parseRetryAfter(value, EXAMPLE_MS)).toBeUndefined();
});

test("parseRetryAfter() reads every date as JavaScript writes it", () => {
  const second = integer({ min: 0, max: 7_000_000_000 });
  const ahead = integer({ min: 0, max: 86_400 });
  check(
    property(second, ahead, (now, seconds) => {
      const value = new Date((now + seconds) * 1000).toUTCString();
      expect(parseRetryAfter(value, now * 1000)).toBe(seconds * 1000);
    }),
  );
});

test("parseRetryAfter() never leaves [0, 24 h], whatever comes", () => {
  check(
    property(string({ unit: "binary" }), integer(), (value, now) => {
      const ms = parseRetryAfter(value, now) ?? 0;
      expect(ms >= 0 && ms <= DAY_MS).toBe(true);
    }),
  );
});
