import type { Clock } from "../base/clock.ts";
import { formatDuration } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { Random } from "../base/random.ts";
import type { Config } from "../config/config.ts";
import { edgesBetween } from "../domain/edge.ts";
import { planTargets } from "../domain/plan.ts";
import { firstRoundDone } from "../domain/snapshot.ts";
import { listen } from "../http/listen.ts";
import type { ListenAddress } from "../http/listen.ts";
import { createServer } from "../http/server.ts";
import { createInterconnectRows } from "../metrics/interconnect-rows.ts";
import { createScrape } from "../metrics/scrape.ts";
import { createTelemetryRows } from "../metrics/telemetry-rows.ts";
import { createTelemetry } from "../metrics/telemetry.ts";
import { createStore } from "../poll/store.ts";
import type { Build } from "./build.ts";
import { startPolling } from "./polling.ts";

export interface DaemonOptions {
  readonly config: Config;
  readonly listenAddress: ListenAddress;
  readonly telemetryPath: string;
  /** Whether `process_*` and `nodejs_*` are on `/metrics`. */
  readonly processMetrics: boolean;
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
  let lastTickMs = clock.now().monoMs;

  const store = createStore(clock, (before, after, event) => {
    telemetry.observeEvent(after, event);
    for (const { level, message, fields } of edgesBetween(before, after, event)) log[level](fields, message);
  });
  const whyNotReady = (): string | undefined => {
    if (stopping) return "shutting down";
    const { state } = store.read();
    if (firstRoundDone(state)) return undefined;
    const waiting = state.entries.filter(({ polls }) => polls === 0).length;
    return `${waiting} of ${state.entries.length} interconnects have not been polled yet`;
  };
  const telemetry = createTelemetry({
    build: options.build,
    clock,
    isReady: () => whyNotReady() === undefined,
    processMetrics: options.processMetrics,
  });

  const targets = planTargets(config.accounts);
  const staleAfterMs = Object.fromEntries(
    config.accounts.map(({ name }) => [name, config.poll.staleAfterMs]),
  );
  const plan = { targets, staleAfterMs, reasons: config.reasons };
  store.dispatch({ type: "planned", at: clock.now(), plan });
  telemetry.configured(
    config.accounts.map(({ name, interconnects }) => ({
      name,
      targets: interconnects.length,
      intervalMs: config.poll.intervalMs,
      configuredIntervalMs: config.poll.intervalMs,
      staleAfterMs: config.poll.staleAfterMs,
    })),
  );

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
  started.defer(() => closeServer(app, clock));
  const port = await listen(app, options.listenAddress);
  started.use(
    startPolling({
      ...options,
      targets,
      store,
      observer: {
        ...telemetry,
        ticked() {
          lastTickMs = clock.now().monoMs;
          telemetry.ticked();
        },
      },
    }),
  );
  started.defer(() => {
    stopping = true;
  });
  log.info(
    { port, interconnects: targets.length, interval: formatDuration(config.poll.intervalMs) },
    "Polling and serving",
  );
  const running = started.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Lets requests under way end, then cuts what is left. */
async function closeServer(app: ReturnType<typeof createServer>, clock: Clock): Promise<void> {
  const drained = new AbortController();
  const cut = clock.sleep(DRAIN_MS, drained.signal).then(
    () => app.server.closeAllConnections(),
    () => undefined,
  );
  await app.close();
  drained.abort();
  await cut;
}
