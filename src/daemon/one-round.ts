import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Random } from "../base/random.ts";
import type { Config } from "../config/config.ts";
import { afterList, isWanted, NOTHING_DISCOVERED } from "../domain/discovered.ts";
import { ApiError, type Failure } from "../domain/failure.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { createPoller } from "../poll/poller.ts";
import { createStore } from "../poll/store.ts";
import { createAccounts } from "./accounts.ts";
import type { Connect } from "./connect.ts";
import { newAccountRecords } from "./account-records.ts";
import { createRhythms } from "./rhythms.ts";
import { createRequests } from "./requests.ts";

export interface OneRoundOptions {
  readonly config: Config;
  readonly connect: Connect;
  /** Whether the interconnects are polled, or only listed. */
  readonly poll: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface OneRound {
  readonly snapshot: Snapshot;
  /** Accounts whose interconnects could not be listed, and why. */
  readonly failedLists: ReadonlyMap<string, Failure>;
}

/** Lists once where discovery is on and polls everything once: as the daemon would, within budget and slots, but at once. */
export async function oneRound(options: OneRoundOptions): Promise<OneRound> {
  const { config, clock, log, signal } = options;
  const store = createStore(clock, () => undefined);
  const records = newAccountRecords();
  const rhythms = createRhythms(config);
  const accountOf = createAccounts({ config, records, rhythms, paced: false, clock, log });
  await using client = options.connect(config, () => undefined);
  const observer = {
    pollStarted: () => undefined,
    pollEnded: () => undefined,
    observeRetry: () => undefined,
  };
  const requests = createRequests({ ...options, client, accountOf, observer });
  const failedLists = new Map<string, Failure>();
  rhythms.replan(records.listings);

  async function list(account: Config["accounts"][number]): Promise<void> {
    try {
      const { items, pages } = await requests.list(account.name, Number.POSITIVE_INFINITY, signal);
      const wanted = items.filter(({ name }) => isWanted(name, account.discovery));
      const discovery = afterList(NOTHING_DISCOVERED, wanted);
      const { accountId, discovery: filters } = account;
      records.listings.set(account.name, {
        accountId,
        wanted: filters,
        discovery,
        pages,
        listed: clock.now(),
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { kind, message, cfRay } = error;
      failedLists.set(account.name, { kind, message, ...(cfRay === undefined ? {} : { cfRay }) });
    }
  }

  await Promise.all(config.accounts.filter(({ discovery }) => discovery.enabled).map(list));
  const plan = rhythms.replan(records.listings);
  store.dispatch({ type: "planned", at: clock.now(), plan });
  if (options.poll) {
    const poll = createPoller(requests.askStatus, clock, log);
    const dueMs = clock.now().monoMs;
    // Whoever waits for a command is told what the budget leaves out, instead of waiting for its next window.
    const slot = { dueMs, latestMs: dueMs + config.poll.timeoutMs };
    await Promise.all(
      plan.targets.map(async (target) => {
        const event = await poll(target, slot, signal);
        if (event !== undefined) store.dispatch(event);
      }),
    );
  }
  return { snapshot: store.read(), failedLists };
}
