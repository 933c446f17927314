import type { Clock } from "../base/clock.ts";
import { formatDuration } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import type { Random } from "../base/random.ts";
import type { Config } from "../config/config.ts";
import { renderConfig } from "../config/render.ts";
import { edgesBetween } from "../domain/edge.ts";
import { firstRoundDone } from "../domain/snapshot.ts";
import { startWebServer } from "../http/web-server.ts";
import type { WebOptions } from "../http/web-server.ts";
import type { HttpPorts } from "../http/http-ports.ts";
import { createInterconnectRows } from "../metrics/interconnect-rows.ts";
import { createProbe } from "../metrics/probe.ts";
import { createScrape } from "../metrics/scrape.ts";
import { createTelemetryRows } from "../metrics/telemetry-rows.ts";
import { createTelemetry } from "../metrics/telemetry.ts";
import { createStore } from "../poll/store.ts";
import type { Build } from "./build.ts";
import type { Connect } from "./connect.ts";
import { newMemory } from "./memory.ts";
import { startGeneration } from "./generation.ts";
import type { Generation } from "./generation.ts";

export interface DaemonOptions {
  readonly config: Config;
  readonly web: WebOptions;
  /** Whether `process_*` and `nodejs_*` are on `/metrics`. */
  readonly processMetrics: boolean;
  readonly connect: Connect;
  readonly build: Build;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A running daemon; disposing of it stops polling, then serving, within a few seconds. */
export interface Daemon extends AsyncDisposable {
  /** The port of the first listen address. */
  readonly port: number;
  readonly scheme: "http" | "https";
}

/** The scheduler turns once a second; silent for longer than this it is wedged. */
const WEDGED_AFTER_MS = 30_000;

/** The composition root: builds every layer, joins them, and starts. Rejects when it cannot listen. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { config, clock, log } = options;
  let stopping = false;
  let generation: Generation | undefined;
  let lastTickMs = clock.now().monoMs;

  const store = createStore(clock, (before, after, event) => {
    telemetry.observeEvent(after, event);
    for (const { level, message, fields } of edgesBetween(before, after, event)) log[level](fields, message);
  });
  const whyNotReady = (): string | undefined => {
    if (stopping) return "shutting down";
    const { state } = store.read();
    const awaited = generation?.awaitingDiscovery() ?? [];
    if (awaited.length > 0) return `the interconnects of ${awaited.join(", ")} have not been listed yet`;
    if (firstRoundDone(state)) return undefined;
    const waiting = state.entries.filter(({ polls }) => polls === 0).length;
    return `${waiting} of ${state.entries.length} interconnects have not been polled yet`;
  };
  const telemetry = createTelemetry({
    build: options.build,
    clock,
    isReady: () => whyNotReady() === undefined,
    readAccounts: () => generation?.readAccounts() ?? [],
    processMetrics: options.processMetrics,
  });

  const ports: HttpPorts = {
    version: options.build.version,
    telemetryPath: options.web.telemetryPath,
    read: store.read,
    scrape: createScrape(
      store.read,
      createInterconnectRows(),
      createTelemetryRows(telemetry.registry, clock),
    ),
    probe: createProbe(store.read, createInterconnectRows()),
    renderConfig: () => renderConfig(config),
    isAlive: () => clock.now().monoMs - lastTickMs < WEDGED_AFTER_MS,
    whyNotReady,
    observe: telemetry.observeHttp,
  };

  await using started = new AsyncDisposableStack();
  // Closed last to first: polling stops before the server does, which says "shutting down" meanwhile.
  const server = started.use(await startWebServer(ports, options.web, { clock, log }));
  const { scheme, port } = server;
  generation = started.use(
    startGeneration({
      ...options,
      store,
      memory: newMemory(),
      telemetry,
      onTick() {
        lastTickMs = clock.now().monoMs;
        telemetry.ticked();
      },
    }),
  );
  started.defer(() => {
    stopping = true;
  });
  log.info(
    {
      port,
      addresses: server.addresses,
      scheme,
      interconnects: store.read().state.entries.length,
      interval: formatDuration(config.poll.intervalMs),
    },
    "Polling and serving",
  );
  const running = started.move();
  return { port, scheme, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
