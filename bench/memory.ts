import { openLoad } from "./load.ts";
import { freePort, run } from "./process.ts";

import type { Report } from "./report.ts";
import { median, slopeOf } from "./statistics.ts";
import { rssOf } from "./process-usage.ts";
import { setTimeout as sleep } from "node:timers/promises";

const INTERCONNECTS = 1000;
const POLLS_PER_SCRAPE = 1000;
/** A million polls: 16 hours of 1,000 interconnects at the default interval, in 20 s. */
const SCRAPES = 1000;
/** What is kept of a day has filled when a day is over, after 1.44 million polls; only then can growth be told. */
const SCRAPES_OF_GROWTH = 3000;
const RSS_LIMIT = 1.6;
const GROWTH_LIMIT = 0.005;
const MIB = 1024 * 1024;
const PATIENCE_MS = 20_000;

/** Memory after a million simulated polls, against a bare Fastify with prom-client's defaults, scraped as often. */
export async function benchMemory(): Promise<Report> {
  const args = [String(INTERCONNECTS), String(POLLS_PER_SCRAPE)];
  const ours = await measure("memory-subject.ts", args, SCRAPES);
  const bare = await measure("fastify-prom-client.ts", [], SCRAPES);
  const [oursBytes, bareBytes] = [ours, bare].map(({ rss }) => median(rss.slice(-SCRAPES / 10)));
  if (oursBytes === undefined || bareBytes === undefined) throw new Error("Expected two processes");
  // RSS goes up in steps of its own, and so says nothing of slopes.
  const { live } = await measure("memory-subject.ts", args, SCRAPES_OF_GROWTH, ["--expose-gc"]);
  const secondHalf = live.slice(live.length / 2);
  const millions = (SCRAPES_OF_GROWTH * POLLS_PER_SCRAPE) / 1e6;
  const { slope, error } = slopeOf(secondHalf.map((bytes, nth) => [(nth * millions) / live.length, bytes]));
  return {
    title: `Memory: ${INTERCONNECTS} interconnects, ${SCRAPES * POLLS_PER_SCRAPE} simulated polls, ${SCRAPES} scrapes`,
    rows: [
      {
        who: "ours",
        "rss MiB": oursBytes / MIB,
        "live MiB": median(secondHalf) / MIB,
        "live, MiB per million polls": slope / MIB,
        "+-": (2 * error) / MIB,
      },
      {
        who: "bare Fastify + prom-client",
        "rss MiB": bareBytes / MIB,
        "live MiB": "",
        "live, MiB per million polls": "",
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
        name: "growth of what is alive per million polls, beyond its uncertainty, as a share",
        unit: "ratio",
        value: Math.max(0, slope - 2 * error) / median(secondHalf),
        limit: GROWTH_LIMIT,
      },
    ],
  };
}

interface Measured {
  /** In bytes, after each scrape. */
  readonly rss: readonly number[];
  /** In bytes, of those that tell what is alive. */
  readonly live: readonly number[];
}

async function measure(
  path: string,
  args: readonly string[],
  scrapes: number,
  nodeFlags: readonly string[] = [],
): Promise<Measured> {
  const port = await freePort();
  await using process = run(path, [String(port), ...args], nodeFlags);
  await untilServing(port);
  using load = openLoad(port);
  const rss: number[] = [];
  for (let nth = 0; nth < scrapes; nth += 1) {
    await load.scrape({ format: "text", encoding: "gzip" });
    rss.push(rssOf(process));
  }
  return { rss, live: process.messages.map(Number) };
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
