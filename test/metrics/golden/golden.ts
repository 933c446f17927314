import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import type { Clock } from "../../../src/base/clock.ts";
import { EMPTY_STATE, type Event, reduce } from "../../../src/domain/state.ts";
import type { Format } from "../../../src/metrics/exposition.ts";
import { createInterconnectRows } from "../../../src/metrics/interconnect-rows.ts";
import { createScrape } from "../../../src/metrics/scrape.ts";
import { createTelemetryRows } from "../../../src/metrics/telemetry-rows.ts";
import { createTelemetry } from "../../../src/metrics/telemetry.ts";

/** The file with what each format must look like after the recorded events. */
export const GOLDEN_FILES = {
  text: new URL("metrics.txt", import.meta.url),
  openmetrics: new URL("openmetrics.txt", import.meta.url),
} as const satisfies Record<Format, URL>;

/** Recorded: what happened to three interconnects, one of them with everything that can go wrong. */
const EVENTS: readonly Event[] = JSON.parse(readFileSync(new URL("events.json", import.meta.url), "utf8"));

/** The exposition after the recorded events, scraped after each of them, since a scrape must not change the next. */
export async function goldenExposition(format: Format): Promise<string> {
  let state = EMPTY_STATE;
  let at = { unixMs: 0, monoMs: 0 };
  const clock: Clock = { now: () => at, sleep: async () => undefined };
  const telemetry = createTelemetry({
    build: { version: "0.0.0", revision: "golden", nodeVersion: "v0.0.0" },
    clock,
    isReady: () => state.entries.all.every(({ polls }) => polls > 0),
    readAccounts: () => [],
    readStorage: () => ({ failures: 2, lastWriteMs: at.unixMs }),
    processMetrics: false,
  });
  telemetry.configured(["production"]);
  const interconnects = createInterconnectRows(
    () => state,
    async () => undefined,
  );
  const scrape = createScrape(interconnects, createTelemetryRows(telemetry.registry));
  let text = "";
  for (const event of EVENTS) {
    at = event.at;
    state = reduce(state, event);
    telemetry.observeEvent(state, event);
    telemetry.ticked();
    const pieces = await scrape({ format, encoding: "identity", names: [] });
    text = (await buffer(Readable.from(pieces, { objectMode: false }))).toString();
  }
  return text;
}
