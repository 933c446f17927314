/** A process of its own for one subject: takes requests over IPC, one at a time, and answers each. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { keepHeapSmall } from "../src/base/small-heap.ts";
import { assertNever } from "../src/base/assert-never.ts";
import { startBare } from "./subject-bare.ts";
import { startOurs } from "./subject-ours.ts";
import { startPromClient } from "./subject-prom-client.ts";
import type { Request, SubjectOptions, Usage } from "./subject.ts";

const START = { ours: startOurs, "prom-client": startPromClient, bare: startBare } as const;
/** The histogram counts the time between its own ticks, one of which is always in it. */
const RESOLUTION_MS = 1;

const options = JSON.parse(process.argv[2] ?? "{}") as SubjectOptions;
// As main.ts does when everything is loaded.
keepHeapSmall();
const subject = await START[options.kind](options);
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
let mark = { atMs: performance.now(), cpu: process.cpuUsage() };

/** Long enough for the histogram's timer to fire, so that what was before is counted before. */
const SETTLE_MS = 5;

async function begin(): Promise<void> {
  await sleep(SETTLE_MS);
  delay.reset();
  // The first tick after a reset only starts the count.
  await sleep(SETTLE_MS);
  mark = { atMs: performance.now(), cpu: process.cpuUsage() };
}

async function usage(times: number): Promise<Usage> {
  const wallMs = performance.now() - mark.atMs;
  const { user, system } = process.cpuUsage(mark.cpu);
  await sleep(SETTLE_MS);
  return {
    wallMs: wallMs / times,
    cpuMs: (user + system) / 1000 / times,
    longestBlockMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
    rssBytes: process.memoryUsage.rss(),
  };
}

async function answer(request: Request): Promise<Usage | undefined> {
  switch (request.type) {
    case "change":
      subject.change(request.share);
      return undefined;
    case "build":
      await begin();
      for (let nth = 0; nth < request.times; nth += 1) await subject.build();
      return usage(request.times);
    case "start":
      await begin();
      return undefined;
    case "stop":
      return usage(1);
    default:
      return assertNever(request);
  }
}

process.on("message", (request: Request) => {
  void answer(request).then((reply) => process.send?.(reply ?? {}));
});
process.once("disconnect", () => process.exit(0));
process.send?.({ port: subject.port });
