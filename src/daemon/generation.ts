import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../base/clock.ts";
import { formatDuration } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import type { Random } from "../base/random.ts";
import type { AccountConfig, Config, DiscoveryConfig } from "../config/config.ts";
import type { Listing } from "../domain/discovered.ts";
import { ALONE, type Replica } from "../domain/replica.ts";
import { adviceOnStretch } from "../domain/rhythm.ts";
import { entryOf } from "../domain/state.ts";
import type { AccountReading } from "../metrics/account-gauges.ts";
import type { Telemetry } from "../metrics/telemetry.ts";
import { repeatDiscovery } from "../poll/discovery.ts";
import { createPoller } from "../poll/poller.ts";
import { startScheduler } from "../poll/scheduler.ts";
import type { Store } from "../poll/store.ts";
import { createAccounts } from "./accounts.ts";
import type { Connect } from "./connect.ts";
import { type AccountRecords, remember } from "./account-records.ts";
import { createRhythms } from "./rhythms.ts";
import { createRequests } from "./requests.ts";
import { DAY_MS, watchToken } from "./token-watch.ts";

export interface GenerationOptions {
  readonly config: Config;
  /** Which of the processes that poll the same this one is. @default one that is alone */
  readonly replica?: Replica | undefined;
  readonly store: Store;
  readonly records: AccountRecords;
  readonly telemetry: Telemetry;
  readonly onTick: () => void;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Everything that runs for one configuration; disposing of it aborts its requests and waits for their end. */
export interface Generation extends AsyncDisposable {
  readonly readAccounts: () => readonly AccountReading[];
  /** Polls every interconnect as soon as the budget allows. */
  readonly pollSoon: () => void;
  /** Time over which the first polls are spread: that of the credential with the most to do. */
  readonly spreadMs: () => number;
  /** Names of the accounts whose first list of interconnects is still awaited. */
  readonly awaitingDiscovery: () => readonly string[];
}

/** Plans with what is known, starts polling, and plans anew with every list that changes what is known. */
export function startGeneration(options: GenerationOptions): Generation {
  const { config, replica = ALONE, store, records, telemetry, clock, log } = options;
  remember(records, config.accounts);
  const startMs = clock.now().monoMs;
  const rhythms = createRhythms(config, replica);
  const accountOf = createAccounts({ config, records, rhythms, replica, paced: true, clock, log });
  const client = options.connect(config, telemetry.observeRequest);
  const requests = createRequests({ ...options, client, accountOf, observer: telemetry });
  const awaited = new Set(
    config.accounts
      .filter(
        ({ name, discovery }) =>
          discovery.enabled && firstListMs(records.listings.get(name), discovery, startMs) <= startMs,
      )
      .map(({ name }) => name),
  );

  const scheduler = startScheduler({
    poll: createPoller(requests.askStatus, clock, log),
    rhythmOf(target) {
      const { state, now } = store.read();
      return rhythms.rhythmOf(target, entryOf(state, target.key), now);
    },
    store,
    clock,
    log,
    onTick: options.onTick,
  });
  telemetry.configured(config.accounts.map(({ name }) => name));
  const stop = new AbortController();
  replan();

  const loops = config.accounts.flatMap((account) => [
    startTokenWatch(account),
    ...(account.discovery.enabled ? [startDiscovery(account)] : []),
  ]);
  const running = new AsyncDisposableStack();
  running.use(client);
  running.defer(async () => {
    stop.abort();
    // At once: what waits for a slot behind polls that hang gets none before they end.
    await Promise.all([...loops, scheduler[Symbol.asyncDispose]()]);
  });

  return {
    readAccounts: () => config.accounts.map(readAccount),
    pollSoon: () => scheduler.pollSoon(),
    spreadMs: () => Math.max(...config.accounts.map(({ name }) => rhythms.steadyOf(name).spreadMs)),
    awaitingDiscovery: () => [...awaited],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };

  function startDiscovery({ name, accountId, discovery: wanted }: AccountConfig): Promise<void> {
    const listing = records.listings.get(name);
    return repeatDiscovery(
      {
        account: { name, ...wanted },
        known: listing?.discovery,
        firstDueMs: firstListMs(listing, wanted, startMs),
        list: (latestMs, signal) => requests.list(name, latestMs, signal),
        onAttempt({ discovery, pages, failure }) {
          awaited.delete(name);
          if (failure !== undefined) {
            telemetry.observeDiscoveryFailure(name, failure);
            return;
          }
          records.listings.set(name, { accountId, wanted, discovery, pages, listed: clock.now() });
          replan();
        },
        clock,
        log,
      },
      stop.signal,
    );
  }

  function startTokenWatch({ name }: AccountConfig): Promise<void> {
    const credential = records.credentials.get(name) ?? "";
    const known = records.tokens.get(name);
    return watchToken(
      {
        account: name,
        requests,
        firstDueMs:
          known?.credential === credential ? Math.max(startMs, known.asked.monoMs + DAY_MS) : startMs,
        onExpiry: (expiresAtMs) => records.tokens.set(name, { credential, asked: clock.now(), expiresAtMs }),
        clock,
        log,
      },
      stop.signal,
    );
  }

  /** Makes the plan of what is known now the one in effect. */
  function replan(): void {
    // A list that came at the last moment starts nothing that nobody would end.
    if (stop.signal.aborted) return;
    const plan = rhythms.replan(records.listings);
    store.dispatch({ type: "planned", at: clock.now(), plan });
    scheduler.setTargets(plan.targets);
    for (const { name: account } of config.accounts) {
      const { intervalMs, targets, budget } = rhythms.steadyOf(account);
      if (intervalMs === (records.announced.get(account) ?? config.poll.intervalMs)) continue;
      records.announced.set(account, intervalMs);
      const configured = formatDuration(config.poll.intervalMs);
      const { intervalMs: configuredMs, staleAfterConfiguredMs } = config.poll;
      const advice = adviceOnStretch(intervalMs, configuredMs, staleAfterConfiguredMs);
      const fields = {
        account,
        configured,
        in_effect: formatDuration(intervalMs),
        targets,
        budget,
        ...(advice === undefined ? {} : { advice }),
      };
      log.warn(fields, "Poll interval changed to hold the request budget");
    }
  }

  function readAccount({ name: account, discovery }: AccountConfig): AccountReading {
    const { usage } = accountOf(account);
    const { intervalMs, budget } = rhythms.steadyOf(account);
    const { plan } = store.read().state;
    const token = records.tokens.get(account);
    return {
      account,
      targets: plan.targets.filter((target) => target.account === account).length,
      intervalMs,
      configuredIntervalMs: config.poll.intervalMs,
      staleAfterMs: plan.staleAfterMs[account] ?? 0,
      budget,
      budgetUsed: usage.used(clock.now().monoMs),
      pausedUntilMs: usage.pausedUntil.unixMs,
      lastDiscoveryMs: discovery.enabled ? (records.listings.get(account)?.listed.unixMs ?? 0) : undefined,
      tokenExpiryMs: token?.credential === records.credentials.get(account) ? token?.expiresAtMs : undefined,
    };
  }
}

/** When to list an account first: at once, unless a list by the same filters is known and younger than the interval. */
function firstListMs(
  listing: Listing | undefined,
  { intervalMs, include, exclude }: DiscoveryConfig,
  nowMs: number,
): number {
  const isSame =
    listing?.wanted !== undefined &&
    isDeepStrictEqual([listing.wanted.include, listing.wanted.exclude], [include, exclude]);
  return isSame ? Math.max(nowMs, listing.listed.monoMs + intervalMs) : nowMs;
}
