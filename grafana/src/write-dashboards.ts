import { writeFileSync } from "node:fs";
import { DASHBOARDS, dashboardText } from "./dashboards.ts";

const FOLDER = new URL("../dashboards/", import.meta.url);

for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
  writeFileSync(new URL(name, FOLDER), dashboardText(dashboard));
}
