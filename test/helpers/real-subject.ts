import { systemClock } from "../../src/base/clock.ts";
import { seededRandom } from "../../src/base/random.ts";
import type { Config } from "../../src/config/config.ts";
import { connector } from "../../src/daemon/connect.ts";
import { type Generation, startGeneration } from "../../src/daemon/generation.ts";
import { newAccountRecords } from "../../src/daemon/account-records.ts";
import { exposition } from "../../src/metrics/exposition.ts";
import { createTelemetryRows } from "../../src/metrics/telemetry-rows.ts";
import { createTelemetry, type Telemetry } from "../../src/metrics/telemetry.ts";
import { createStore, type Store } from "../../src/poll/store.ts";
import { parseExposition } from "./parse-exposition.ts";
import { createSinkLog, type SinkLog } from "./sink-log.ts";

const PREFIX = "cloudflare_interconnect_exporter_";
export const BUILD = { version: "1.2.3", revision: "", nodeVersion: "v24" };

interface RealSubject extends AsyncDisposable {
  readonly store: Store;
  readonly log: SinkLog;
  readonly generation: Generation;
  readonly metric: (name: string, labels?: Readonly<Record<string, string>>) => Promise<number>;
}

/** All that polls, on the real clock and over real sockets. */
export function startRealSubject(config: Config): RealSubject {
  const store = createStore(systemClock, () => undefined);
  const log = createSinkLog();
  const telemetry = createTelemetry({
    build: BUILD,
    clock: systemClock,
    isReady: () => true,
    readAccounts: () => generation.readAccounts(),
    processMetrics: false,
  });
  const generation = startGeneration({
    config,
    store,
    records: newAccountRecords(),
    telemetry,
    onTick: () => undefined,
    connect: connector(BUILD.version, systemClock, {}),
    clock: systemClock,
    random: seededRandom(1),
    log,
  });
  return {
    store,
    log,
    generation,
    metric: (name, labels) => metricOf(telemetry, name, labels),
    [Symbol.asyncDispose]: () => generation[Symbol.asyncDispose](),
  };
}

/** The sum of the rows with these labels among others, of a family without the exporter's prefix; 0 of none. */
export async function metricOf(
  { registry }: Telemetry,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const text = exposition(await createTelemetryRows(registry)(), "text");
  const samples = parseExposition(text, "text").get(PREFIX + name)?.samples ?? [];
  return samples
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
