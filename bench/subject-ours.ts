import { systemClock } from "../src/base/clock.ts";
import { nextTurn } from "../src/base/next-turn.ts";
import { createInterconnectRows } from "../src/metrics/interconnect-rows.ts";
import { createScrape } from "../src/metrics/scrape.ts";
import { createTelemetryRows } from "../src/metrics/telemetry-rows.ts";
import { createTelemetry } from "../src/metrics/telemetry.ts";
import { serveOurs } from "./serve-ours.ts";
import { changeShare, estateOf } from "./estate.ts";
import type { Subject, SubjectOptions } from "./subject.ts";

/** The exporter's own server over an estate, as the daemon puts it together, without the polls. */
export async function startOurs({ interconnects, processMetrics }: SubjectOptions): Promise<Subject> {
  let state = estateOf(interconnects);
  let round = 0;
  const telemetry = createTelemetry({
    build: { version: "bench", revision: "", nodeVersion: process.version },
    clock: systemClock,
    isReady: () => true,
    readAccounts: () => [],
    processMetrics,
  });
  const rows = createInterconnectRows(() => state, nextTurn);
  const bodyAlone = createScrape(rows, async () => []);
  const port = await serveOurs(
    {
      read: () => ({ state, now: systemClock.now() }),
      scrape: createScrape(rows, createTelemetryRows(telemetry.registry)),
      observe: telemetry.observeHttp,
    },
    0,
  );
  return {
    port,
    change(share) {
      round += 1;
      state = changeShare(state, share, round);
    },
    async build() {
      // A newer state each time, so that what is kept is found by its entries.
      state = { ...state };
      await bodyAlone({ format: "text", encoding: "identity", names: [] });
    },
  };
}
