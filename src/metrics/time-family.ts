import type { Family } from "./exposition.ts";

/**
 * The clock by which a process writes its timestamps, as `node_time_seconds` is of a machine: with it, whoever scrapes
 * reads them on their own clock.
 */
export const TIME_FAMILY: Family = {
  name: "cloudflare_interconnect_exporter_time_seconds",
  type: "gauge",
  help: "Unix time of the exporter's clock, as read at the scrape.",
};
