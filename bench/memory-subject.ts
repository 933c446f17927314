/** Ours without a network: each scrape finds that time has leapt, and everything was polled meanwhile. */
import { keepHeapSmall } from "../src/base/small-heap.ts";
import { type Clock, systemClock } from "../src/base/clock.ts";
import { nextTurn } from "../src/base/next-turn.ts";
import { FAILURE_KINDS } from "../src/domain/failure.ts";
import { LINK_STATES } from "../src/domain/link-state.ts";
import type { Event } from "../src/domain/state.ts";
import { serveOurs } from "./serve-ours.ts";
import { createInterconnectRows } from "../src/metrics/interconnect-rows.ts";
import { createScrape } from "../src/metrics/scrape.ts";
import { createTelemetryRows } from "../src/metrics/telemetry-rows.ts";
import { createTelemetry } from "../src/metrics/telemetry.ts";
import { createStore } from "../src/poll/store.ts";
import { instantAt, planOf } from "./estate.ts";

const [port, interconnects, pollsPerScrape] = process.argv.slice(2).map(Number);
/** One poll follows another by this much: each interconnect is polled once a minute. */
const STEP_MS = 60_000 / (interconnects ?? 1);
/** One poll in so many fails, one in so many brings a text not heard before, one in so many another state. */
const FAILS = 50;
const NEW_REASON = 7;
const OTHER_STATE = 11;
const LIVE_EVERY_POLLS = 10_000;

// As main.ts does when everything is loaded.
keepHeapSmall();

let polls = 0;
const clock: Clock = { ...systemClock, now: () => instantAt(Math.round(polls * STEP_MS)) };
const telemetry = createTelemetry({
  build: { version: "bench", revision: "", nodeVersion: process.version },
  clock,
  isReady: () => true,
  readAccounts: () => [],
  processMetrics: true,
});
const store = createStore(clock, (_before, after, event) => telemetry.observeEvent(after, event));
const plan = planOf(interconnects ?? 0);
store.dispatch({ type: "planned", at: clock.now(), plan });

function nextPoll(): Event | undefined {
  polls += 1;
  const at = clock.now();
  const key = plan.targets[polls % plan.targets.length]?.key;
  if (key === undefined) return undefined;
  const round = Math.floor(polls / plan.targets.length);
  if (polls % FAILS === 0) {
    const kind = FAILURE_KINDS[round % FAILURE_KINDS.length] ?? "internal";
    return { type: "poll-failed", at, key, failure: { kind, message: `failure ${polls}` } };
  }
  const word = polls % OTHER_STATE === 0 ? LINK_STATES[round % LINK_STATES.length] : "Healthy";
  const reason = polls % NEW_REASON === 0 ? `text ${polls.toString(36)}` : "";
  return { type: "poll-succeeded", at, key, word: word ?? "Healthy", reason, cfRay: `ray-${polls}` };
}

const scrape = createScrape(
  createInterconnectRows(() => store.read().state, nextTurn),
  createTelemetryRows(telemetry.registry),
);
await serveOurs(
  {
    read: store.read,
    async scrape(request) {
      // With --expose-gc: what is alive, which is what can grow for ever.
      if (polls % LIVE_EVERY_POLLS === 0 && globalThis.gc !== undefined) {
        globalThis.gc();
        const { heapUsed, external } = process.memoryUsage();
        process.send?.(heapUsed + external);
      }
      for (let nth = 0; nth < (pollsPerScrape ?? 0); nth += 1) {
        const event = nextPoll();
        if (event !== undefined) store.dispatch(event);
      }
      store.dispatch({ type: "time-passed", at: clock.now() });
      return scrape(request);
    },
    observe: telemetry.observeHttp,
  },
  port ?? 0,
);
