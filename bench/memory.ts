import { setTimeout as sleep } from "node:timers/promises";
import { openLoad } from "./load.ts";
import { freePort, run } from "./process.ts";
import { rssOf } from "./process-usage.ts";
import type { Check, Extent, Report } from "./report.ts";
import { median, slopeOf } from "./statistics.ts";

const INTERCONNECTS = 1000;
const POLLS_PER_SCRAPE = 1000;
const SUBJECT_ARGS = [String(INTERCONNECTS), String(POLLS_PER_SCRAPE)];
/** A million polls: 16 hours of 1,000 interconnects at the default interval, in 20 s. */
const SCRAPES = 1000;
const SHORT_SCRAPES = 300;
/** What is kept of a day has filled when a day is over, after 1.44 million polls; only then can growth be told. */
const SCRAPES_OF_GROWTH = 3000;
const RSS_LIMIT = 1.6;
/** So soon after the start less is given back; a limit that holds bodies kept twice, or copied anew for each scrape, to be too much. */
const SHORT_RSS_LIMIT = 1.8;
const GROWTH_LIMIT = 0.005;
const MIB = 1024 * 1024;
const PATIENCE_MS = 20_000;

/** Memory after simulated polls, a million of them in the long form, against a bare Fastify with prom-client's defaults, scraped as often. */
export async function benchMemory({ isShort }: Extent): Promise<Report> {
  const scrapes = isShort ? SHORT_SCRAPES : SCRAPES;
  const rssAtEnd = async (path: string, args: readonly string[]): Promise<number> =>
    median((await measure(path, args, scrapes)).rss.slice(-scrapes / 10));
  const ours = await rssAtEnd("memory-subject.ts", SUBJECT_ARGS);
  const bare = await rssAtEnd("fastify-prom-client.ts", []);
  const growth = isShort ? undefined : await measureGrowth();
  return {
    title: `Memory: ${INTERCONNECTS} interconnects, ${scrapes * POLLS_PER_SCRAPE} simulated polls, ${scrapes} scrapes`,
    rows: [
      { who: "ours", "rss MiB": ours / MIB, ...growth?.row },
      { who: "bare Fastify + prom-client", "rss MiB": bare / MIB },
    ],
    checks: [
      {
        name: "RSS in times the bare process's",
        unit: "ratio",
        value: ours / bare,
        limit: isShort ? SHORT_RSS_LIMIT : RSS_LIMIT,
      },
      ...(growth === undefined ? [] : [growth.check]),
    ],
  };
}

/** What is alive, and by how much it grows. */
async function measureGrowth(): Promise<{ readonly row: Report["rows"][number]; readonly check: Check }> {
  // RSS goes up in steps of its own, and so says nothing of slopes.
  const { live } = await measure("memory-subject.ts", SUBJECT_ARGS, SCRAPES_OF_GROWTH, ["--expose-gc"]);
  const secondHalf = live.slice(live.length / 2);
  const millions = (SCRAPES_OF_GROWTH * POLLS_PER_SCRAPE) / 1e6;
  const { slope, error } = slopeOf(secondHalf.map((bytes, nth) => [(nth * millions) / live.length, bytes]));
  const size = median(secondHalf);
  return {
    row: {
      "live MiB": size / MIB,
      "live, MiB per million polls": slope / MIB,
      "+-": (2 * error) / MIB,
    },
    check: {
      name: "growth of what is alive per million polls, beyond its uncertainty, as a share",
      unit: "ratio",
      value: Math.max(0, slope - 2 * error) / size,
      limit: GROWTH_LIMIT,
    },
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
