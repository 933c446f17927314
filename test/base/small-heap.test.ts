import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { keepHeapSmall } from "../../src/base/small-heap.ts";

/** Keeps objects alive for a short while, over and over, and prints how many MiB the young generation has become. */
const SCRIPT = `
  import { getHeapSpaceStatistics } from "node:v8";
  let kept = [];
  for (let nth = 0; nth < 6_000_000; nth += 1) {
    kept.push({ nth });
    if (kept.length > 200_000) kept = [];
  }
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.log(Math.round(space.space_size / 1024 / 1024));
`;

function youngGenerationMib(before: string): number {
  const args = ["--input-type=module", "-e", before + SCRIPT];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

test("keepHeapSmall() keeps the young generation from growing", () => {
  const module = new URL("../../src/base/small-heap.ts", import.meta.url).href;
  const call = `import { keepHeapSmall } from ${JSON.stringify(module)}; keepHeapSmall();`;
  expect(youngGenerationMib(call)).toBeLessThan(0.5 * youngGenerationMib(""));
  // Here too, for the rest of this process.
  keepHeapSmall();
});
