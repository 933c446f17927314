import { startChild } from "./child-process.ts";
import { freePort } from "./free-port.ts";
import { prometheusProgram, type PrometheusVersion } from "./prometheus-tools.ts";
import { createTempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

type Labels = Readonly<Record<string, string>>;

/** One series at one moment. */
export interface PrometheusSample {
  readonly labels: Labels;
  readonly value: number;
}

/** One series over time; times in seconds. */
interface PrometheusSeries {
  readonly labels: Labels;
  readonly samples: readonly { readonly atSeconds: number; readonly value: number }[];
}

export interface PrometheusProcess extends AsyncDisposable {
  readonly origin: string;
  /** An instant query, as of a Unix time in seconds or now. */
  readonly query: (promql: string, atSeconds?: number) => Promise<readonly PrometheusSample[]>;
  /** The samples that a range selector such as `up[1m]` selects, as of a Unix time in seconds or now. */
  readonly samples: (selector: string, atSeconds?: number) => Promise<readonly PrometheusSeries[]>;
  /** The version that the binary says it is. */
  readonly version: () => Promise<string>;
  /** Whether the last scrape named its metadata so: the formats name counters differently. */
  readonly hasMetadata: (metric: string) => Promise<boolean>;
}

interface RunOptions {
  readonly version: PrometheusVersion;
  /** A folder with `prometheus.yml`, and with `data` where there is some. */
  readonly folder: string;
  readonly args?: readonly string[];
  /** What to wait for: an expression that has a value by then. */
  readonly until: string;
  /** @default a free one */
  readonly port?: number;
}

/** Runs a real Prometheus in a folder and waits. Rejects with the package to install when there is none. */
export async function runPrometheus(options: RunOptions): Promise<PrometheusProcess> {
  const { command, whenMissing } = prometheusProgram(options.version, "prometheus");
  await using started = new AsyncDisposableStack();
  const address = `127.0.0.1:${options.port ?? (await freePort())}`;
  const origin = `http://${address}`;
  const args = [
    "--config.file=prometheus.yml",
    "--storage.tsdb.path=data",
    `--web.listen-address=${address}`,
    ...(options.args ?? []),
  ];
  const env = { PATH: process.env["PATH"] ?? "" };
  const child = started.use(startChild(command, args, { cwd: options.folder, env, whenMissing }));
  async function result<T>(promql: string, atSeconds: number | undefined): Promise<readonly T[]> {
    const time = atSeconds === undefined ? "" : `&time=${atSeconds}`;
    const url = `${origin}/api/v1/query?query=${encodeURIComponent(promql)}${time}`;
    return (await get<{ readonly result: readonly T[] }>(url)).result;
  }
  const query = async (promql: string, atSeconds?: number): Promise<readonly PrometheusSample[]> =>
    (await result<RawSample>(promql, atSeconds)).map(({ metric, value }) => ({
      labels: metric,
      value: Number(value[1]),
    }));
  // The first scrape comes 5 to 6 s after the start, whatever the interval.
  const seen = until(
    `Prometheus ${options.version} to know ${options.until}`,
    async () => ((await query(options.until)).length > 0 ? "seen" : undefined),
    45_000,
  );
  // When the process ends first, nobody waits for this any more.
  seen.catch(() => undefined);
  const outcome = await Promise.race([seen, child.ended]);
  if (outcome !== "seen") throw new Error(`Expected Prometheus to run, but it ended:\n${child.stderr()}`);
  const running = started.move();
  return {
    origin,
    query,
    samples: async (selector, atSeconds) =>
      (await result<RawSeries>(selector, atSeconds)).map(({ metric, values }) => ({
        labels: metric,
        samples: values.map(([time, value]) => ({ atSeconds: time, value: Number(value) })),
      })),
    version: async () => (await get<{ version: string }>(`${origin}/api/v1/status/buildinfo`)).version,
    hasMetadata: async (metric) =>
      (await get<readonly unknown[]>(`${origin}/api/v1/targets/metadata?metric=${metric}`)).length > 0,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

interface PrometheusOptions {
  readonly version: PrometheusVersion;
  /** `host:port` to scrape. */
  readonly target: string;
  /** By http_sd, so many targets of `/sd` are scraped instead. */
  readonly discovered?: number;
  /** Further keys of the scrape config, as YAML in one line each. */
  readonly scrapeConfig?: readonly string[];
}

/** Starts a Prometheus with one target, or those of `/sd`; it has scraped each once when this resolves. */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusProcess> {
  await using started = new AsyncDisposableStack();
  const folder = started.use(await createTempFolder({ "prometheus.yml": scrapeConfig(options) }));
  const { version, discovered = 1 } = options;
  const everyTarget = `count(up == 1) == ${discovered}`;
  const prometheus = started.use(await runPrometheus({ version, folder: folder.path, until: everyTarget }));
  const running = started.move();
  return { ...prometheus, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

interface RawSample {
  readonly metric: Labels;
  readonly value: readonly [number, string];
}

interface RawSeries {
  readonly metric: Labels;
  readonly values: readonly (readonly [number, string])[];
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
