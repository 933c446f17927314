import { expect, test } from "vitest";

import { RateCounter } from "../../src/simulator/rate-limit.ts";

const limit = { requests: 2, windowMs: 10_000 };

test("RateCounter blocks one request too many for a whole window, and then lets requests through", () => {
  const counter = new RateCounter(limit);
  expect(counter.take("a", 0)).toEqual({ remaining: 1, resetSeconds: 10, blockedSeconds: undefined });
  expect(counter.take("a", 4000)).toEqual({ remaining: 0, resetSeconds: 6, blockedSeconds: undefined });
  expect(counter.take("a", 5000).blockedSeconds).toBe(10);
  expect(counter.take("a", 14_500).blockedSeconds).toBe(1);
  expect(counter.take("a", 15_000).blockedSeconds).toBeUndefined();
});

test("RateCounter slides: a request counts for one window from its own time", () => {
  const counter = new RateCounter(limit);
  expect([0, 6000, 10_000, 16_000].map((ms) => counter.take("a", ms).blockedSeconds)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("RateCounter keeps credentials apart", () => {
  const counter = new RateCounter(limit);
  for (const ms of [0, 1, 2]) counter.take("a", ms);
  expect(counter.take("b", 3).blockedSeconds).toBeUndefined();
});
