import { expect, test } from "vitest";
import { createTokenBucket } from "../../../src/http/gate/token-bucket.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

const LIMIT = { intervalMs: 1000, burst: 3 };

test("createTokenBucket() lets a burst pass, then one more each interval", async () => {
  const clock = new FakeClock();
  const take = createTokenBucket(clock);
  const takeFour = (): readonly boolean[] => [1, 2, 3, 4].map(() => take(LIMIT));
  expect(takeFour()).toEqual([true, true, true, false]);
  await clock.advance(999);
  expect(take(LIMIT)).toBe(false);
  await clock.advance(1);
  expect([take(LIMIT), take(LIMIT)]).toEqual([true, false]);
  await clock.advance(3_600_000);
  expect(takeFour()).toEqual([true, true, true, false]);
});

test("createTokenBucket() takes a new limit at once, and none as no limit", () => {
  const take = createTokenBucket(new FakeClock());
  expect([take({ intervalMs: 1000, burst: 1 }), take({ intervalMs: 1000, burst: 1 })]).toEqual([true, false]);
  expect(take(undefined)).toBe(true);
  expect(take(LIMIT)).toBe(true);
});
