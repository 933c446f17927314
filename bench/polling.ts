import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openLoad } from "./load.ts";
import { freePort, run } from "./process.ts";
import { accountsOf, pollingConfig } from "./polling-estate.ts";
import type { Report } from "./report.ts";
import { cpuMsOf, rssOf } from "./process-usage.ts";
import { median, quantile } from "./statistics.ts";

const INTERCONNECTS = 10_000;
/** So that each is polled once per so many seconds, 100 of them per second. */
const INTERVAL_SECONDS = 100;
/** Enough that none spends more than the default budget of 600 requests in 5 minutes. */
const ACCOUNTS = 100;
/** The first round is spread over 10 s, 1,000 polls per second; it is let pass. */
const SETTLE_MS = 25_000;
const MEASURED_MS = 30_000;
const ASK_EVERY_MS = 10;
const LIMIT_MS = 20;
const MIB = 1024 * 1024;

/** How soon `/-/healthy` answers while 10,000 interconnects are polled, and scraped once per second with gzip. */
export async function benchPolling(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const [simulatorPort, port] = [await freePort(), await freePort()];
  const file = join(folder, "config.yaml");
  await writeFile(file, pollingConfig(accountsOf(ACCOUNTS, INTERCONNECTS), simulatorPort, INTERVAL_SECONDS));
  try {
    await using _simulator = run("polling-simulator.ts", [
      String(simulatorPort),
      String(ACCOUNTS),
      String(INTERCONNECTS),
    ]);
    await sleep(2000);
    await using daemon = run("../src/main.ts", [
      "run",
      `--config.file=${file}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ]);
    await sleep(SETTLE_MS);
    const cpuBeforeMs = cpuMsOf(daemon);
    const [healthy, scrapes] = await Promise.all([askHealthy(port), scrapeEverySecond(port)]);
    const cpuShare = (cpuMsOf(daemon) - cpuBeforeMs) / MEASURED_MS;
    return {
      title: `${INTERCONNECTS} interconnects polled at ${INTERCONNECTS / INTERVAL_SECONDS} per second, scraped each second with gzip`,
      rows: [
        {
          what: "/-/healthy",
          count: healthy.length,
          "p50 ms": median(healthy),
          "p99 ms": quantile(healthy, 0.99),
          "rss MiB": "",
          "CPU %": "",
        },
        {
          what: "/metrics",
          count: scrapes.length,
          "p50 ms": median(scrapes),
          "p99 ms": quantile(scrapes, 0.99),
          "rss MiB": rssOf(daemon) / MIB,
          "CPU %": cpuShare * 100,
        },
      ],
      checks: [
        { name: "/-/healthy: p99 in ms", unit: "ms", value: quantile(healthy, 0.99), limit: LIMIT_MS },
      ],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function askHealthy(port: number): Promise<readonly number[]> {
  using load = openLoad(port);
  const latencies: number[] = [];
  const endMs = performance.now() + MEASURED_MS;
  while (performance.now() < endMs) {
    latencies.push((await load.get("/-/healthy")).latencyMs);
    await sleep(ASK_EVERY_MS);
  }
  return latencies;
}

async function scrapeEverySecond(port: number): Promise<readonly number[]> {
  using load = openLoad(port);
  const latencies: number[] = [];
  const endMs = performance.now() + MEASURED_MS;
  while (performance.now() < endMs) {
    const { latencyMs } = await load.scrape({ format: "text", encoding: "gzip" });
    latencies.push(latencyMs);
    await sleep(Math.max(0, 1000 - latencyMs));
  }
  return latencies;
}
