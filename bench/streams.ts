import { setTimeout as sleep } from "node:timers/promises";
import { type Load, openLoad } from "./load.ts";
import { run, type RunningProcess } from "./process.ts";
import type { Report } from "./report.ts";
import { median } from "./statistics.ts";

const STREAMS = 1000;
const INTERCONNECTS = 500;
/** Each is polled once a minute. */
const POLLS_PER_SECOND = Math.round(INTERCONNECTS / 60);
const RUNS = 11;
const SLOWED = 1.2;
/** Over some seconds, so that each of what the streams are told falls into it. */
const SCRAPES = 200;
const PAUSE_MS = 10;

const DEAF = 100;
/** As much as is told one by one: some 100 kB a second, so that what is not read is soon more than any socket takes. */
const DEAF_POLLS_PER_SECOND = 900;
const WATCHED_SECONDS = 45;
const GROWTH = 1.2;
const MIB = 1024 * 1024;

/** What a scrape costs while pages are kept live, and what a page costs that stops reading. */
export async function benchStreams(): Promise<Report> {
  const ratios: number[] = [];
  const [alone, beside]: [number[], number[]] = [[], []];
  {
    await using subject = run("streams-subject.ts", [String(INTERCONNECTS), String(POLLS_PER_SECOND)]);
    const port = await firstMessage(subject);
    using load = openLoad(port);
    await scrapeMs(load);
    for (let nth = 0; nth < RUNS; nth += 1) {
      const aloneMs = await scrapeMs(load);
      await using readers = run("streams-readers-process.ts", [String(port), String(STREAMS), "1"]);
      await message(readers, 0);
      const besideMs = await scrapeMs(load);
      alone.push(aloneMs);
      beside.push(besideMs);
      ratios.push(besideMs / aloneMs);
    }
  }
  const { before, most } = await memoryOfDeaf();
  return {
    title: `${STREAMS} streams of /events open; ${DEAF} more of a process that stops reading`,
    rows: [
      { what: `scrape of ${INTERCONNECTS}, median ms, none open`, value: median(alone) },
      { what: `the same, ${STREAMS} open`, value: median(beside) },
      { what: "alive before, MiB", value: before / MIB },
      { what: `at most in ${WATCHED_SECONDS} s of ${DEAF} that do not read, MiB`, value: most / MIB },
    ],
    checks: [
      { name: "scrape, in times that without streams", unit: "ratio", value: median(ratios), limit: SLOWED },
      { name: "memory, in times that without streams", unit: "ratio", value: most / before, limit: GROWTH },
    ],
  };
}

async function scrapeMs(load: Load): Promise<number> {
  const latencies: number[] = [];
  for (let nth = 0; nth < SCRAPES; nth += 1) {
    latencies.push((await load.scrape({ format: "text", encoding: "identity" })).latencyMs);
    await sleep(PAUSE_MS);
  }
  return median(latencies);
}

/** Bytes alive before the streams that do not read, and at most while they are open. */
async function memoryOfDeaf(): Promise<{ readonly before: number; readonly most: number }> {
  await using subject = run(
    "streams-subject.ts",
    [String(DEAF_POLLS_PER_SECOND), String(DEAF_POLLS_PER_SECOND)],
    ["--expose-gc"],
  );
  const port = await firstMessage(subject);
  await message(subject, WATCHED_SECONDS);
  const before = median(subject.messages.slice(-5).map(Number));
  const from = subject.messages.length;
  await using readers = run("streams-readers-process.ts", [String(port), String(DEAF), "0"]);
  await message(readers, 0);
  await message(subject, from + WATCHED_SECONDS);
  return { before, most: Math.max(...subject.messages.slice(from).map(Number)) };
}

async function firstMessage(process: RunningProcess): Promise<number> {
  return Number(await message(process, 0));
}

async function message({ messages }: RunningProcess, index: number): Promise<unknown> {
  while (messages.length <= index) await sleep(PAUSE_MS);
  return messages[index];
}
