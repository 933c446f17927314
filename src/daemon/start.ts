import type { Clock } from "../base/clock.ts";
import { formatDuration } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { Random } from "../base/random.ts";
import type { Config } from "../config/config.ts";
import { edgesBetween } from "../domain/edge.ts";
import { firstRoundDone } from "../domain/snapshot.ts";
import { followAnswers } from "../http/follow-answers.ts";
import { listen } from "../http/listen.ts";
import type { ListenAddress } from "../http/listen.ts";
import { createServer } from "../http/server.ts";
import { createInterconnectRows } from "../metrics/interconnect-rows.ts";
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
  readonly listenAddress: ListenAddress;
  readonly telemetryPath: string;
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
  readonly port: number;
}

/** The scheduler turns once a second; silent for longer than this it is wedged. */
const WEDGED_AFTER_MS = 30_000;
/** Scrapes under way get this long to end. */
const DRAIN_MS = 2000;

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

  const app = createServer({
    version: options.build.version,
    telemetryPath: options.telemetryPath,
    read: store.read,
    scrape: createScrape(
      createInterconnectRows(() => store.read().state, nextTurn),
      createTelemetryRows(telemetry.registry, clock),
    ),
    isAlive: () => clock.now().monoMs - lastTickMs < WEDGED_AFTER_MS,
    whyNotReady,
    observe: telemetry.observeHttp,
  });

  await using started = new AsyncDisposableStack();
  // Closed last to first: polling stops before the server does, which says "shutting down" meanwhile.
  const answersSent = followAnswers(app);
  started.defer(() => closeServer(app, answersSent, clock));
  const port = await listen(app, options.listenAddress);
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
      interconnects: store.read().state.entries.length,
      interval: formatDuration(config.poll.intervalMs),
    },
    "Polling and serving",
  );
  const running = started.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Lets requests under way end and their answers arrive, then cuts what is left. */
async function closeServer(
  app: ReturnType<typeof createServer>,
  answersSent: () => Promise<void>,
  clock: Clock,
): Promise<void> {
  const closed = new AbortController();
  const drained = clock.sleep(DRAIN_MS, closed.signal).catch(() => undefined);
  const cut = drained.then(() => app.server.closeAllConnections());
  await Promise.race([answersSent(), drained]);
  await app.close();
  closed.abort();
  await cut;
}
