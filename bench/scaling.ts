import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openLoad } from "./load.ts";
import { accountsOf, pollingConfig } from "./polling-estate.ts";
import { freePort, run } from "./process.ts";
import { cpuMsOf, rssOf } from "./process-usage.ts";
import type { Report } from "./report.ts";

/** Interconnects on so many accounts, each polled once in 100 s: no account spends more than the default budget. */
const ESTATES = [
  { interconnects: 100, accounts: 1 },
  { interconnects: 1000, accounts: 10 },
  { interconnects: 10_000, accounts: 100 },
];
const INTERVAL_SECONDS = 100;
/** The first round is spread over 10 s; it is let pass. */
const SETTLE_MS = 25_000;
const MEASURED_MS = 30_000;
const SCRAPES = 20;
const MIB = 1024 * 1024;

/** What a process needs by the number of interconnects: polling alone, and one scrape. */
export async function benchScaling(): Promise<Report> {
  const rows = [];
  for (const estate of ESTATES) rows.push(await measure(estate));
  return { title: `Each interconnect polled every ${INTERVAL_SECONDS} s`, rows, checks: [] };
}

async function measure({ interconnects, accounts }: (typeof ESTATES)[number]) {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const [simulatorPort, port] = [await freePort(), await freePort()];
  const file = join(folder, "config.yaml");
  const estate = accountsOf(accounts, interconnects);
  await writeFile(file, pollingConfig(estate, simulatorPort, INTERVAL_SECONDS));
  try {
    const args = [simulatorPort, accounts, interconnects].map(String);
    await using _simulator = run("polling-simulator.ts", args);
    await sleep(2000);
    await using daemon = run("../src/main.ts", [
      "run",
      `--config.file=${file}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ]);
    await sleep(SETTLE_MS);
    const beforeMs = cpuMsOf(daemon);
    await sleep(MEASURED_MS);
    const pollingMs = cpuMsOf(daemon) - beforeMs;
    using load = openLoad(port);
    const plain = await load.scrape({ format: "text", encoding: "identity" });
    const scrapedMs = cpuMsOf(daemon);
    let bytes = 0;
    for (let scrape = 0; scrape < SCRAPES; scrape += 1) {
      bytes = (await load.scrape({ format: "text", encoding: "gzip" })).bytes;
    }
    const polls = (interconnects / INTERVAL_SECONDS) * (MEASURED_MS / 1000);
    return {
      interconnects,
      "polls/s": interconnects / INTERVAL_SECONDS,
      "CPU %": (pollingMs / MEASURED_MS) * 100,
      "CPU ms per poll": pollingMs / polls,
      "RSS MiB": rssOf(daemon) / MIB,
      "scrape MiB": plain.bytes / MIB,
      "gzip KiB": bytes / 1024,
      "CPU ms per scrape": (cpuMsOf(daemon) - scrapedMs) / SCRAPES,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
