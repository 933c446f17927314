import { join } from "node:path";

/** The two majors that users run. Debian 12 packages 2.x; 3.x is unpacked beside it by `.ci/debian-unpack`. */
export const PROMETHEUS_VERSIONS = ["2.x", "3.x"] as const;
export type PrometheusVersion = (typeof PROMETHEUS_VERSIONS)[number];

export type PrometheusProgram = "prometheus" | "promtool" | "amtool" | "prometheus-alertmanager";

/** A program of Prometheus's, to be started, and what to do where there is none. */
interface ProgramOfPrometheus {
  readonly command: string;
  readonly whenMissing: string;
}

/**
 * The program of a version: of the folder that `PROMETHEUS_BIN` (2.x) or `PROMETHEUS3_BIN` (3.x) names; 2.x is else
 * looked for in PATH. Throws where 3.x is named nowhere, since a check that was left out would count as passed.
 */
export function prometheusProgram(
  version: PrometheusVersion,
  program: PrometheusProgram,
): ProgramOfPrometheus {
  if (version === "2.x") {
    const whenMissing =
      "apt-get install prometheus prometheus-alertmanager (Debian 12), or name their folder in PROMETHEUS_BIN";
    return { command: join(process.env["PROMETHEUS_BIN"] ?? "", program), whenMissing };
  }
  const whenMissing =
    ".ci/debian-unpack forky DIR prometheus promtool prometheus-alertmanager, then PROMETHEUS3_BIN=DIR/usr/bin";
  const folder = process.env["PROMETHEUS3_BIN"] ?? "";
  if (folder === "") throw new Error(`Cannot find ${program} of Prometheus 3.x: ${whenMissing}`);
  return { command: join(folder, program), whenMissing };
}
