import { openLoad } from "./load.ts";
import { freePort, run } from "./process.ts";

import type { Report } from "./report.ts";
import { median, slopeOf } from "./statistics.ts";
import { rssOf } from "./rss.ts";
import { setTimeout as sleep } from "node:timers/promises";

const INTERCONNECTS = 1000;
const POLLS = 1_000_000;
const SCRAPES = 1000;
const RSS_LIMIT = 1.6;
/** A million polls of 1,000 interconnects take 16 hours at the default interval. */
const GROWTH_LIMIT = 0.01;
const MEANS = 10;
const MIB = 1024 * 1024;
const PATIENCE_MS = 20_000;

/** Memory after a million simulated polls, against a bare Fastify with prom-client's defaults, scraped as often. */
export async function benchMemory(): Promise<Report> {
  const ours = await measure("memory-subject.ts", [String(INTERCONNECTS), String(POLLS / SCRAPES)]);
  const bare = await measure("fastify-prom-client.ts", []);
  // What settles early, such as compiled code, is not growth. Neighbours are alike: their means are taken as points.
  const means = chunksOf(ours.slice(ours.length / 2), SCRAPES / 2 / MEANS).map(mean);
  const { slope, error } = slopeOf(means.map((rss, nth) => [(nth / MEANS / 2) * POLLS, rss]));
  const [oursBytes, bareBytes] = [median(ours.slice(-SCRAPES / 10)), median(bare.slice(-SCRAPES / 10))];
  const growth = slope * POLLS;
  const uncertainty = 2 * error * POLLS;
  return {
    title: `Memory: ${INTERCONNECTS} interconnects, ${POLLS} simulated polls, ${SCRAPES} scrapes`,
    rows: [
      {
        who: "ours",
        "rss MiB": oursBytes / MIB,
        "growth MiB per million polls": growth / MIB,
        "+-": uncertainty / MIB,
      },
      {
        who: "bare Fastify + prom-client",
        "rss MiB": bareBytes / MIB,
        "growth MiB per million polls": "",
        "+-": "",
      },
    ],
    checks: [
      {
        name: "RSS in times the bare process's",
        unit: "ratio",
        value: oursBytes / bareBytes,
        limit: RSS_LIMIT,
      },
      {
        name: "growth in the second half, per million polls, beyond its uncertainty, as a share of RSS",
        unit: "ratio",
        value: Math.max(0, growth - uncertainty) / oursBytes,
        limit: GROWTH_LIMIT,
      },
    ],
  };
}

function chunksOf(values: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.floor(values.length / size) }, (_, nth) =>
    values.slice(nth * size, (nth + 1) * size),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** RSS in bytes after each scrape. */
async function measure(path: string, args: readonly string[]): Promise<readonly number[]> {
  const port = await freePort();
  await using process = run(path, [String(port), ...args]);
  await untilServing(port);
  using load = openLoad(port);
  const rss: number[] = [];
  for (let nth = 0; nth < SCRAPES; nth += 1) {
    await load.scrape({ format: "text", encoding: "gzip" });
    rss.push(rssOf(process));
  }
  return rss;
}

async function untilServing(port: number): Promise<void> {
  const startMs = performance.now();
  while (performance.now() - startMs < PATIENCE_MS) {
    const isServing = await fetch(`http://127.0.0.1:${port}/metrics`).then(
      () => true,
      () => false,
    );
    if (isServing) return;
    await sleep(20);
  }
  throw new Error(`Expected an answer on port ${port} within ${PATIENCE_MS} ms`);
}
