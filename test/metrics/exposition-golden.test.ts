import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseExposition } from "../helpers/parse-exposition.ts";
import { GOLDEN_FILES, goldenExposition } from "./golden/golden.ts";

test.each(["text", "openmetrics"] as const)(
  "the recorded events give the golden exposition in %s",
  async (format) => {
    const golden = readFileSync(GOLDEN_FILES[format], "utf8");
    expect(await goldenExposition(format)).toBe(golden);
    expect(parseExposition(golden, format).size).toBeGreaterThan(30);
  },
);
