/** `npm run golden`: writes the golden files anew. What differs is a change of the contract: look at it well. */
import { writeFileSync } from "node:fs";
import { GOLDEN_FILES, goldenExposition } from "./golden.ts";

for (const format of ["text", "openmetrics"] as const) {
  writeFileSync(GOLDEN_FILES[format], await goldenExposition(format));
}
