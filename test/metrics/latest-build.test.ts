import { expect, test } from "vitest";
import { latestBuild } from "../../src/metrics/latest-build.ts";

/** Builds that end when the test says so. */
function subject() {
  const builds: { readonly source: object; readonly end: PromiseWithResolvers<object> }[] = [];
  const cell: { source: object } = { source: { nth: 0 } };
  const latest = latestBuild(
    () => cell.source,
    (source) => {
      const end = Promise.withResolvers<object>();
      builds.push({ source, end });
      return end.promise;
    },
  );
  return { builds, cell, latest };
}

test("latestBuild() builds once for all who come while the source stays", async () => {
  const { builds, latest } = subject();
  const both = [latest(), latest()];
  const built = {};
  builds[0]?.end.resolve(built);
  expect(await Promise.all([...both, latest()])).toEqual([built, built, built]);
  expect(builds.length).toBe(1);
});

test("latestBuild() makes one more build for all who came after a change, of the source as it is by then", async () => {
  const { builds, cell, latest } = subject();
  const first = latest();
  cell.source = { nth: 1 };
  const late = [latest(), latest()];
  cell.source = { nth: 2 };
  late.push(latest());
  const [one, two] = [{}, {}];
  builds[0]?.end.resolve(one);
  expect(await first).toBe(one);
  await expect.poll(() => builds.length).toBe(2);
  expect(builds[1]?.source).toBe(cell.source);
  builds[1]?.end.resolve(two);
  for (const each of await Promise.all(late)) expect(each).toBe(two);
  expect(builds.length).toBe(2);
});

test("latestBuild() forgets a build that failed", async () => {
  const { builds, latest } = subject();
  const failing = latest();
  builds[0]?.end.reject(new Error("a bug"));
  await expect(failing).rejects.toThrow("a bug");
  const again = latest();
  const built = {};
  builds[1]?.end.resolve(built);
  expect(await again).toBe(built);
});

test("latestBuild() builds for those who waited on a build that failed", async () => {
  const { builds, cell, latest } = subject();
  const failing = latest();
  cell.source = {};
  const waiting = latest();
  builds[0]?.end.reject(new Error("a bug"));
  await expect(failing).rejects.toThrow("a bug");
  await expect.poll(() => builds.length).toBe(2);
  const built = {};
  builds[1]?.end.resolve(built);
  expect(await waiting).toBe(built);
});

test("latestBuild() never runs two builds at once, whenever they end and fail", async () => {
  let running = 0;
  let most = 0;
  let source = {};
  let nth = 0;
  const latest = latestBuild(
    () => source,
    async () => {
      running += 1;
      most = Math.max(most, running);
      nth += 1;
      for (let turn = 0; turn < nth % 4; turn += 1) await Promise.resolve();
      running -= 1;
      if (nth % 3 === 0) throw new Error("a bug");
      return nth;
    },
  );
  const results: Promise<unknown>[] = [];
  for (let call = 0; call < 200; call += 1) {
    if (call % 2 === 0) source = {};
    results.push(latest().catch((error: unknown) => String(error)));
    if (call % 5 !== 0) await Promise.resolve();
  }
  const ends = new Set((await Promise.all(results)).map((end) => (typeof end === "number" ? "built" : end)));
  expect(ends).toEqual(new Set(["built", "Error: a bug"]));
  expect(most).toBe(1);
  expect(nth).toBeGreaterThan(20);
});
