import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { keepYoungGenerationSmall } from "../../src/base/small-young-generation.ts";

/** Keeps much alive for a short while, over and over, and prints how many MiB the young generation has become. */
const SCRIPT = `
  import { getHeapSpaceStatistics } from "node:v8";
  let kept = [];
  for (let nth = 0; nth < 3_000_000; nth += 1) {
    kept.push({ nth });
    if (kept.length > 200_000) kept = [];
  }
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.log(Math.round(space.space_size / 1024 / 1024));
`;

function youngGenerationMib(before: string): number {
  return Number(
    execFileSync(process.execPath, ["--input-type=module", "-e", before + SCRIPT], { encoding: "utf8" }),
  );
}

test("keepYoungGenerationSmall() keeps it from growing, which it does otherwise", () => {
  const module = new URL("../../src/base/small-young-generation.ts", import.meta.url).href;
  const call = `import { keepYoungGenerationSmall } from ${JSON.stringify(module)}; keepYoungGenerationSmall();`;
  expect(youngGenerationMib("")).toBeGreaterThan(8);
  expect(youngGenerationMib(call)).toBeLessThan(4);
  // Here too, for the rest of this process.
  keepYoungGenerationSmall();
});
