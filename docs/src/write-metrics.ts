/** `npm run metrics`: writes docs/metrics.json and docs/metrics.md. */
import { writeFileSync } from "node:fs";
import { currentCatalogue, metricsPage } from "./metrics-page.ts";

const catalogue = currentCatalogue();
writeFileSync(new URL("../metrics.json", import.meta.url), `${JSON.stringify(catalogue, null, 2)}\n`);
writeFileSync(new URL("../metrics.md", import.meta.url), metricsPage(catalogue));
