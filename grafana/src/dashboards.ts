import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { DETAIL } from "./detail.ts";
import { EXPORTER } from "./exporter.ts";
import { OVERVIEW } from "./overview.ts";

/** What is written to `grafana/dashboards/`, by file name. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  "detail.json": DETAIL,
  "exporter.json": EXPORTER,
  "overview.json": OVERVIEW,
};

/** The file's text. */
export function dashboardText(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}
