import { type Load, openLoad } from "./load.ts";
import type { Extent, Report } from "./report.ts";
import { median, quantile } from "./statistics.ts";
import { startSubject } from "./subject-client.ts";

const SCRAPE = { format: "text", encoding: "gzip" } as const;
const ROUNDS = 9;
const SHORT_ROUNDS = 5;
const SCRAPES_PER_ROUND = 400;
const LIMIT = 1.5;

/** Latency over HTTP with gzip and nothing changed, against a bare server that compresses the same bytes each time. */
export async function benchGzip({ isShort }: Extent): Promise<Report> {
  const rows: Report["rows"][number][] = [];
  const checks: Report["checks"][number][] = [];
  for (const interconnects of isShort ? [1000] : [1000, 10_000]) {
    const options = { interconnects, format: "text" } as const;
    await using ours = await startSubject({ ...options, kind: "ours", processMetrics: false });
    await using withProcess = await startSubject({ ...options, kind: "ours", processMetrics: true });
    await using bare = await startSubject({ ...options, kind: "bare", processMetrics: false });
    using oursLoad = openLoad(ours.port);
    using withProcessLoad = openLoad(withProcess.port);
    using bareLoad = openLoad(bare.port);
    const loads = [oursLoad, withProcessLoad, bareLoad];
    const rounds: (readonly (readonly number[])[])[] = [];
    for (let round = 0; round <= (isShort ? SHORT_ROUNDS : ROUNDS); round += 1) {
      const latencies = await latenciesOf(loads);
      // The first round warms up.
      if (round > 0) rounds.push(latencies);
    }
    const p99Of = (at: number): number => median(rounds.map((round) => quantile(round[at] ?? [], 0.99)));
    for (const [at, who] of ["ours", "ours + process metrics", "bare server"].entries()) {
      const of = (share: number): number => median(rounds.map((round) => quantile(round[at] ?? [], share)));
      rows.push({ interconnects, who, "p50 ms": of(0.5), "p99 ms": of(0.99) });
    }
    checks.push({
      name: `${interconnects} interconnects, nothing changed, gzip: p99 in times the bare server's`,
      unit: "ratio",
      value: p99Of(0) / p99Of(2),
      limit: LIMIT,
    });
  }
  return { title: "Scrapes over HTTP with gzip, nothing changed", rows, checks };
}

/** In turns, so that whatever else the machine does meets all alike. */
async function latenciesOf(loads: readonly Load[]): Promise<readonly (readonly number[])[]> {
  const latencies = loads.map((): number[] => []);
  for (let nth = 0; nth < SCRAPES_PER_ROUND; nth += 1) {
    for (const [at, load] of loads.entries()) latencies[at]?.push((await load.scrape(SCRAPE)).latencyMs);
  }
  return latencies;
}
