import { expect, test } from "vitest";
import { createLimits, type Limit } from "../../src/poll/limits.ts";

/** How many tasks that never end a limiter starts. */
async function slotsOf(limit: Limit): Promise<number> {
  let started = 0;
  for (let count = 0; count < 20; count += 1) {
    void limit(() => {
      started += 1;
      return new Promise(() => undefined);
    });
  }
  await new Promise((resolve) => setImmediate(resolve));
  return started;
}

test.each([
  [8, ["a"], [8]],
  [8, ["a", "b"], [4, 4]],
  [8, ["a", "b", "c"], [3, 3, 2]],
  [2, ["a", "b"], [1, 1]],
  [5, ["a", "b", "a", "a"], [3, 2]],
])(
  "createLimits() divides %d slots among %j evenly, one limiter per distinct credential",
  async (slots, credentials, expected) => {
    const limitOf = createLimits(slots, credentials);
    const distinct = [...new Set(credentials)];
    expect(await Promise.all(distinct.map((credential) => slotsOf(limitOf(credential))))).toEqual(expected);
    for (const credential of distinct) expect(limitOf(credential)).toBe(limitOf(credential));
  },
);

test("createLimits() refuses fewer slots than credentials, since one of them could never poll", () => {
  expect(() => createLimits(1, ["a", "b"])).toThrow(
    new RangeError("Expected a slot for each of 2 credentials, got 1"),
  );
});

test("createLimits() refuses to limit a credential that it does not know, without showing it", () => {
  const limitOf = createLimits(2, ["a"]);
  expect(() => limitOf("top-secret")).toThrow(new RangeError("Expected a credential of the configuration"));
});
