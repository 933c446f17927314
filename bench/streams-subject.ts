/** Ours with an estate that is polled all the time. It tells its port, and with --expose-gc every second what is alive in bytes. */
import { setInterval } from "node:timers/promises";
import { systemClock } from "../src/base/clock.ts";
import { nextTurn } from "../src/base/next-turn.ts";
import { EMPTY_STATE, reduce } from "../src/domain/state.ts";
import { createInterconnectRows } from "../src/metrics/interconnect-rows.ts";
import { createScrape } from "../src/metrics/scrape.ts";
import { planOf } from "./estate.ts";
import { serveOurs } from "./serve-ours.ts";

const [interconnects = 0, pollsPerSecond = 0] = process.argv.slice(2).map(Number);
const plan = planOf(interconnects);
let state = reduce(EMPTY_STATE, { type: "planned", at: systemClock.now(), plan });
let polls = 0;

function poll(): void {
  polls += 1;
  const key = plan.targets[polls % plan.targets.length]?.key ?? "";
  // One in twenty has another reason, and so a row to be drawn.
  const reason = polls % 20 === 0 ? `text ${polls}` : "";
  const at = systemClock.now();
  state = reduce(state, { type: "poll-succeeded", at, key, word: "Healthy", reason, cfRay: undefined });
}

for (let nth = 0; nth < interconnects; nth += 1) poll();
const port = await serveOurs(
  {
    read: () => ({ state, now: systemClock.now() }),
    scrape: createScrape(
      createInterconnectRows(() => state, nextTurn),
      async () => [],
    ),
    observe: () => undefined,
  },
  0,
);
process.send?.(port);
for await (const _ of setInterval(1000)) {
  for (let nth = 0; nth < pollsPerSecond; nth += 1) poll();
  if (globalThis.gc === undefined) continue;
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
}
