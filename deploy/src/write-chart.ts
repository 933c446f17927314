/** `npm run chart`: writes what the Helm chart has from elsewhere, and what is told of its values. */
import { writeFileSync } from "node:fs";
import { chartFiles } from "./chart.ts";

for (const [path, text] of chartFiles()) writeFileSync(new URL(`../../${path}`, import.meta.url), text);
