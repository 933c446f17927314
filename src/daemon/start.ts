import { hostname } from "node:os";
import type { Clock } from "../base/clock.ts";
import { formatDuration } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { Random } from "../base/random.ts";
import type { Config } from "../config/config.ts";
import { renderConfig } from "../config/render.ts";
import { createEdges } from "../domain/edge.ts";
import { ALONE, formatReplica, type Replica, shareOf } from "../domain/replica.ts";
import { startWebServer, type WebOptions } from "../http/web-server.ts";
import type { HttpPorts, ReloadAnswer } from "../http/http-ports.ts";
import type { AccountReading } from "../metrics/account-gauges.ts";
import { createInterconnectRows } from "../metrics/interconnect-rows.ts";
import { createProbe } from "../metrics/probe.ts";
import { createScrape } from "../metrics/scrape.ts";
import { createTelemetryRows } from "../metrics/telemetry-rows.ts";
import { createTelemetry } from "../metrics/telemetry.ts";
import { createStore } from "../poll/store.ts";
import { createClockWatch } from "./clock-watch.ts";
import type { Connect } from "./connect.ts";
import { newAccountRecords } from "./account-records.ts";
import type { ConfigSource } from "./config-source.ts";
import { startGeneration } from "./generation.ts";
import { type Generations, startGenerations } from "./generations.ts";
import type { StateKeeper } from "./keep-state.ts";
import { createProgress, createReadiness } from "./readiness.ts";
import { createReloader, type ReloadResult, type ReloadTrigger } from "./reload.ts";
import { startStorage } from "./storage.ts";

/** What is running. */
export interface Build {
  readonly version: string;
  /** The commit it was built from; `""` when not known. */
  readonly revision: string;
  readonly nodeVersion: string;
}

export interface DaemonOptions {
  readonly config: Config;
  readonly web: WebOptions;
  /** Whether `process_*` and `nodejs_*` are on `/metrics`. */
  readonly processMetrics: boolean;
  /** Where the configuration can be read again; absent without a file. */
  readonly source?: ConfigSource | undefined;
  /** How often the files are looked at; undefined when they are not. */
  readonly autoReloadEveryMs?: number | undefined;
  /** Whether `/-/reload` is enabled. */
  readonly enableLifecycle?: boolean;
  /** Which of the processes that poll the same this one is; absent for one that is alone. */
  readonly replica?: Replica | undefined;
  /** Folder in which the state outlives the process; `""` or absent for none. */
  readonly storagePath?: string;
  readonly connect: Connect;
  readonly build: Build;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** How many lines of the log found no room so far. */
  readonly droppedLogLines?: () => number;
  /** Told whenever the scheduler has turned, once a second. */
  readonly onTurn?: () => void;
  /** Markdown by name; absent for none. */
  readonly runbooks?: ReadonlyMap<string, string>;
}

/** A running daemon; disposing of it stops polling, then serving, within a few seconds. */
export interface Daemon extends AsyncDisposable {
  /** The first one; 0 when it serves on Unix-domain sockets alone. */
  readonly port: number;
  readonly scheme: "http" | "https";
  readonly reload: (trigger: ReloadTrigger) => Promise<ReloadResult>;
}

/** The scheduler turns once a second; silent for longer than this it is wedged. */
const WEDGED_AFTER_MS = 30_000;

/** The composition root: builds every layer, joins them, and starts. Rejects when it cannot listen or use its storage. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { config, replica = ALONE, clock, log, storagePath = "" } = options;
  const isStored = storagePath !== "";
  const records = newAccountRecords();
  let stopping = false;
  let generations: Generations | undefined;
  let keeper: StateKeeper | undefined;
  let lastTickMs = clock.now().monoMs;

  const edgesBetween = createEdges((account) => records.credentials.get(account) ?? account);
  const store = createStore(clock, (before, after, event) => {
    telemetry.observeEvent(after, event);
    keeper?.observe(before, after, event);
    for (const { level, message, fields } of edgesBetween(before, after, event)) log[level](fields, message);
  });
  const whyNotReady = createReadiness({
    isStopping: () => stopping,
    awaitedLists: () => generations?.current().awaitingDiscovery() ?? [],
    read: store.read,
    spreadMs: () => generations?.current().spreadMs() ?? 0,
  });
  const readAccounts = (): readonly AccountReading[] => generations?.current().readAccounts() ?? [];
  const tellProgress = createProgress({ whyNotReady, startMs: lastTickMs, log });
  const telemetry = createTelemetry({
    build: options.build,
    clock,
    isReady: () => whyNotReady() === undefined,
    readAccounts,
    droppedLogLines: options.droppedLogLines,
    readStorage: isStored ? () => keeper?.reading() : undefined,
    processMetrics: options.processMetrics,
    replica: options.replica,
  });

  const ports: HttpPorts = {
    version: options.build.version,
    telemetryPath: options.web.telemetryPath,
    read: store.read,
    accounts: readAccounts,
    scrape: createScrape(
      createInterconnectRows(() => store.read().state, nextTurn),
      createTelemetryRows(telemetry.registry),
    ),
    probe: createProbe(store.read),
    runbooks: options.runbooks ?? new Map(),
    lists: () => {
      const readings = generations?.current().readAccounts();
      return (
        readings && new Map(readings.map(({ account, lastDiscoveryMs }) => [account, lastDiscoveryMs !== 0]))
      );
    },
    renderConfig: () => renderConfig(generations?.config() ?? config),
    isAlive: () => clock.now().monoMs - lastTickMs < WEDGED_AFTER_MS,
    whyNotReady,
    reload: options.enableLifecycle === true ? reloadOverHttp : undefined,
    observe: telemetry.observeHttp,
    connectionDropped: telemetry.connectionDropped,
  };

  await using started = new AsyncDisposableStack();
  // Closed last to first: polling stops before the server does, which says "shutting down" meanwhile; then the state is written.
  if (isStored) {
    const budget = (): number => shareOf((generations?.config() ?? config).api.budgetRequests, replica.count);
    keeper = started.use(await startStorage(storagePath, { ...options, store, records, budget }));
  }
  const server = started.use(await startWebServer(ports, options.web, { clock, log }));
  const { scheme, port } = server;
  const { externalOrigin, linkPrefix } = options.web.site;
  telemetry.serving(`${externalOrigin ?? `${scheme}://${hostname()}:${port}`}${linkPrefix}`);
  const watchClock = createClockWatch({
    clock,
    store,
    records,
    pollSoon: () => generations?.current().pollSoon(),
  });
  const onTick = (): void => {
    lastTickMs = clock.now().monoMs;
    telemetry.ticked();
    tellProgress(lastTickMs);
    watchClock();
    options.onTurn?.();
  };
  const running = startGenerations({
    config,
    connect: options.connect,
    observe: telemetry.observeRequest,
    start: (next, connect) =>
      startGeneration({ ...options, config: next, replica, connect, store, records, telemetry, onTick }),
  });
  generations = started.use(running);
  telemetry.configRead(true);
  const reloader = started.use(
    createReloader({
      source: options.source,
      watchEveryMs: options.autoReloadEveryMs,
      apply: running.replace,
      onRead: telemetry.configRead,
      clock,
      log,
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
      first_round: formatDuration(running.current().spreadMs()),
      ...(options.replica === undefined ? {} : { replica: formatReplica(replica) }),
    },
    "Polling and serving",
  );
  const all = started.move();
  return { port, scheme, reload: reloader.reload, [Symbol.asyncDispose]: () => all.disposeAsync() };

  async function reloadOverHttp(): Promise<ReloadAnswer> {
    const result = await reloader.reload("http");
    if (!result.ok) return { ok: false, lines: result.problems };
    const outcome = result.changed ? "Reloaded" : "Nothing changed, so that nothing was reloaded";
    return { ok: true, lines: [outcome, ...(result.notes ?? [])] };
  }
}
