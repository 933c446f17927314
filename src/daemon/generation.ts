import type { Clock } from "../base/clock.ts";
import { formatDuration } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import type { Random } from "../base/random.ts";
import type { Config } from "../config/config.ts";
import { entryOf } from "../domain/state.ts";
import type { AccountReading } from "../metrics/account-gauges.ts";
import type { Telemetry } from "../metrics/telemetry.ts";
import { discover } from "../poll/discovery.ts";
import type { DiscoveryAttempt } from "../poll/discovery.ts";
import { createPoller } from "../poll/poller.ts";
import { startScheduler } from "../poll/scheduler.ts";
import type { Store } from "../poll/store.ts";
import { createAccounts } from "./accounts.ts";
import type { Connect } from "./connect.ts";
import type { Memory } from "./memory.ts";
import { createPacing } from "./pacing.ts";
import { createRequests } from "./requests.ts";
import { watchToken } from "./token-watch.ts";

export interface GenerationOptions {
  readonly config: Config;
  readonly store: Store;
  readonly memory: Memory;
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
  /** Names of the accounts whose first list of interconnects is still awaited. */
  readonly awaitingDiscovery: () => readonly string[];
}

/** Plans with what is known, starts polling, and plans anew with every list that changes what is known. */
export function startGeneration(options: GenerationOptions): Generation {
  const { config, store, memory, telemetry, clock, log } = options;
  const pacing = createPacing(config);
  const accountOf = createAccounts({ config, memory, pacing, paced: true, clock, log });
  const client = options.connect(config, telemetry.observeRequest);
  const requests = createRequests({ ...options, client, accountOf, observer: telemetry });
  const discovered = config.accounts.filter(({ discovery }) => discovery.enabled).map(({ name }) => name);
  const awaited = new Set(discovered);
  const lastDiscoveryMs = new Map(discovered.map((name) => [name, 0]));
  const tokenExpiryMs = new Map<string, number | undefined>();
  /** The intervals in effect that the log has told of. */
  const announced = new Map<string, number>();

  const scheduler = startScheduler({
    poll: createPoller(requests.askStatus, clock, log),
    rhythmOf(target) {
      const { state, now } = store.read();
      return pacing.rhythmOf(target, entryOf(state, target.key), now);
    },
    store,
    clock,
    log,
    onTick: options.onTick,
  });
  telemetry.configured(config.accounts.map(({ name }) => name));
  replan();

  const stop = new AbortController();
  const loops = config.accounts.flatMap(({ name, discovery }) => [
    watchToken(
      { account: name, requests, onExpiry: (ms) => tokenExpiryMs.set(name, ms), clock, log },
      stop.signal,
    ),
    ...(discovery.enabled ? [startDiscovery(name, discovery)] : []),
  ]);
  const running = new AsyncDisposableStack();
  running.use(client);
  running.use(scheduler);
  running.defer(async () => {
    stop.abort();
    await Promise.all(loops);
  });

  return {
    readAccounts: () => config.accounts.map(({ name }) => readAccount(name)),
    awaitingDiscovery: () => [...awaited],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };

  function startDiscovery(name: string, discovery: Config["accounts"][number]["discovery"]): Promise<void> {
    return discover(
      {
        account: { name, ...discovery },
        known: memory.listings.get(name)?.discovery,
        list: (latestMs, signal) => requests.list(name, latestMs, signal),
        onAttempt: onDiscovery,
        clock,
        log,
      },
      stop.signal,
    );
  }

  function onDiscovery({ account, discovery, pages, failure }: DiscoveryAttempt): void {
    awaited.delete(account);
    if (failure !== undefined) {
      telemetry.observeDiscoveryFailure(account, failure);
      return;
    }
    lastDiscoveryMs.set(account, clock.now().unixMs);
    memory.listings.set(account, { discovery, pages });
    replan();
  }

  /** Makes the plan of what is known now the one in effect. */
  function replan(): void {
    const plan = pacing.replan(memory.listings);
    store.dispatch({ type: "planned", at: clock.now(), plan });
    scheduler.setTargets(plan.targets);
    for (const { name: account } of config.accounts) {
      const { intervalMs, targets, budget } = pacing.paceOf(account);
      if (intervalMs === (announced.get(account) ?? config.poll.intervalMs)) continue;
      announced.set(account, intervalMs);
      const configured = formatDuration(config.poll.intervalMs);
      const fields = { account, configured, in_effect: formatDuration(intervalMs), targets, budget };
      log.warn(fields, "Poll interval changed to hold the request budget");
    }
  }

  function readAccount(account: string): AccountReading {
    const { ledger } = accountOf(account);
    const { intervalMs, budget } = pacing.paceOf(account);
    const { plan } = store.read().state;
    return {
      account,
      targets: plan.targets.filter((target) => target.account === account).length,
      intervalMs,
      configuredIntervalMs: config.poll.intervalMs,
      staleAfterMs: plan.staleAfterMs[account] ?? 0,
      budget,
      budgetUsed: ledger.used(clock.now().monoMs),
      pausedUntilMs: ledger.pausedUntil.unixMs,
      lastDiscoveryMs: lastDiscoveryMs.get(account),
      tokenExpiryMs: tokenExpiryMs.get(account),
    };
  }
}
