import { basename } from "node:path";
import { parse, stringify } from "yaml";
import { type PrometheusProcess, runPrometheus } from "../../helpers/prometheus-process.ts";
import type { PrometheusVersion } from "../../helpers/prometheus-tools.ts";
import { RULE_FILES } from "../../helpers/rule-files.ts";
import { createTempFolder } from "../../helpers/temp-folder.ts";
import { JOB, scaled } from "./stage.ts";

/** Prometheus with these jobs and the shipped rules, durations divided; it has scraped a target of the exporter's. */
export async function startScaledPrometheus(
  version: PrometheusVersion,
  jobs: readonly unknown[],
): Promise<PrometheusProcess> {
  const { global, rule_files } = parse(scaled("deploy/prometheus/prometheus.yaml"));
  await using started = new AsyncDisposableStack();
  const folder = started.use(
    await createTempFolder({
      "prometheus.yml": stringify({ global, rule_files, scrape_configs: jobs }),
      ...Object.fromEntries(RULE_FILES.map((path) => [`rules/${basename(path)}`, scaled(path)])),
    }),
  );
  // Prometheus's own default, 5m, divided like the rest.
  const args = ["--query.lookback-delta=15s"];
  const until = `up{job="${JOB}"} == 1`;
  const prometheus = started.use(await runPrometheus({ version, folder: folder.path, args, until }));
  const running = started.move();
  return { ...prometheus, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
