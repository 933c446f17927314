import { expect, test } from "vitest";
import { staleAfterMs } from "../../src/domain/stale-after.ts";

const MINUTE_MS = 60_000;

test.each([
  { configured: undefined, interval: 1, expected: 10 },
  { configured: undefined, interval: 3, expected: 10 },
  { configured: undefined, interval: 5, expected: 15 },
  { configured: 4, interval: 1, expected: 4 },
  { configured: 4, interval: 2, expected: 4 },
  { configured: 4, interval: 5, expected: 10 },
])(
  "staleAfterMs() of $configured min at an interval of $interval min is $expected min",
  ({ configured, interval, expected }) => {
    const configuredMs = configured === undefined ? undefined : configured * MINUTE_MS;
    expect(staleAfterMs(configuredMs, interval * MINUTE_MS)).toBe(expected * MINUTE_MS);
  },
);
