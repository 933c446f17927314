import { startChild } from "./child-process.ts";
import { freePort } from "./free-port.ts";
import { createTempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

/** The two majors that users run, as Debian packages them. */
const PROMETHEUS_VERSIONS = {
  "2.x": {
    variable: "PROMETHEUS_BIN",
    fallback: "prometheus",
    install: "apt-get install prometheus (Debian 12), or name its binary in PROMETHEUS_BIN",
  },
  "3.x": {
    variable: "PROMETHEUS3_BIN",
    fallback: "prometheus3",
    install:
      ".ci/debian-unpack forky DIR prometheus (the Debian package prometheus of the suite forky), then PROMETHEUS3_BIN=DIR/usr/bin/prometheus",
  },
} as const;
export type PrometheusVersion = keyof typeof PROMETHEUS_VERSIONS;

interface PrometheusOptions {
  readonly version: PrometheusVersion;
  /** `host:port` to scrape. */
  readonly target: string;
  /** By http_sd, so many targets of `/sd` are scraped instead. */
  readonly discovered?: number;
  /** Further keys of the scrape config, as YAML in one line each. */
  readonly scrapeConfig?: readonly string[];
}

/** One series at one moment. */
interface PrometheusSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus that has scraped its target at least once. */
export interface PrometheusProcess extends AsyncDisposable {
  /** An instant query. */
  readonly query: (promql: string) => Promise<readonly PrometheusSample[]>;
  /** The version that the binary says it is. */
  readonly version: () => Promise<string>;
  /** Whether the last scrape named its metadata so: the formats name counters differently. */
  readonly hasMetadata: (metric: string) => Promise<boolean>;
}

/** Starts a real Prometheus on a free port and waits until its targets are up. Rejects with the package to install when there is none. */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusProcess> {
  const { variable, fallback, install } = PROMETHEUS_VERSIONS[options.version];
  await using started = new AsyncDisposableStack();
  const folder = started.use(await createTempFolder({ "prometheus.yml": scrapeConfig(options) }));
  const origin = `http://127.0.0.1:${await freePort()}`;
  const child = started.use(
    startChild(
      process.env[variable] ?? fallback,
      [
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        `--web.listen-address=${origin.slice("http://".length)}`,
      ],
      { cwd: folder.path, env: { PATH: process.env["PATH"] ?? "" }, whenMissing: install },
    ),
  );
  const query = async (promql: string): Promise<readonly PrometheusSample[]> => {
    const { result } = await get<{ result: readonly RawSample[] }>(
      `${origin}/api/v1/query?query=${encodeURIComponent(promql)}`,
    );
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  };
  // The first scrape comes 5 to 6 s after the start, whatever the interval.
  const up = until(
    `Prometheus ${options.version} to scrape`,
    async () => ((await query("up == 1")).length === (options.discovered ?? 1) ? "up" : undefined),
    45_000,
  );
  // When the process ends first, nobody waits for this any more.
  up.catch(() => undefined);
  const outcome = await Promise.race([up, child.ended]);
  if (outcome !== "up") throw new Error(`Expected Prometheus to run, but it ended:\n${child.stderr()}`);
  const running = started.move();
  return {
    query,
    version: async () => (await get<{ version: string }>(`${origin}/api/v1/status/buildinfo`)).version,
    hasMetadata: async (metric) =>
      (await get<readonly unknown[]>(`${origin}/api/v1/targets/metadata?metric=${metric}`)).length > 0,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

interface RawSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  const answer = (await response.json()) as { readonly data: T; readonly error?: string };
  if (!response.ok) throw new Error(`Prometheus answered ${response.status}: ${answer.error}`);
  return answer.data;
}

function scrapeConfig({ target, discovered, scrapeConfig: further = [] }: PrometheusOptions): string {
  const targets =
    discovered === undefined
      ? `static_configs: [{ targets: ["${target}"] }]`
      : `http_sd_configs: [{ url: "http://${target}/sd", refresh_interval: 1s }]`;
  return `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: exporter
    ${targets}
${further.map((line) => `    ${line}\n`).join("")}`;
}
