import { createClient } from "../api/client.ts";
import { authHeaders } from "../api/credentials.ts";
import type { AuthHeaders } from "../api/credentials.ts";
import { withRetry } from "../api/retry.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Random } from "../base/random.ts";
import { credentialKey } from "../config/config.ts";
import type { AccountConfig, Config, Credential } from "../config/config.ts";
import type { Target } from "../domain/target.ts";
import type { ApiRequest } from "../metrics/telemetry.ts";
import { createLimits } from "../poll/limits.ts";
import { createPoller } from "../poll/poller.ts";
import { startScheduler } from "../poll/scheduler.ts";
import type { Limit, SchedulerObserver } from "../poll/scheduler.ts";
import type { Store } from "../poll/store.ts";
import type { Build } from "./build.ts";

interface PollingOptions {
  readonly config: Config;
  readonly targets: readonly Target[];
  readonly store: Store;
  readonly build: Build;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly observer: SchedulerObserver & {
    readonly observeRequest: (request: ApiRequest) => void;
    readonly observeRetry: (account: string, operation: string) => void;
  };
}

/** Joins client, retries, limits and scheduler for one configuration; runs until disposed of. */
export function startPolling(options: PollingOptions): AsyncDisposable {
  const { config, clock, random, log, observer } = options;
  const { intervalMs, timeoutMs, retries, concurrency } = config.poll;
  const client = createClient({
    baseUrl: config.api.baseUrl,
    connections: concurrency,
    userAgent: `cloudflare-interconnect-exporter/${options.build.version}`,
    clock,
    observe: observer.observeRequest,
  });
  const lanes = lanesByAccount(config.accounts, concurrency);

  const poll = createPoller(
    (target, signal) => {
      const { account, accountId, interconnect } = target;
      const { authorization } = laneOf(lanes, target);
      const request = { account, accountId, interconnect, authorization };
      return withRetry((attemptSignal) => client.getStatus(request, attemptSignal), {
        retries,
        timeoutMs,
        clock,
        random,
        signal,
        onRetry: () => {
          observer.observeRetry(account, "status");
          return true;
        },
      });
    },
    clock,
    log,
  );
  const polling = new AsyncDisposableStack();
  polling.use(client);
  polling.use(
    startScheduler({
      targets: options.targets,
      intervalMs,
      poll,
      limitOf: (target) => laneOf(lanes, target).limit,
      store: options.store,
      clock,
      log,
      observer,
    }),
  );
  return polling;
}

/** What the polls of an account share: its credential's headers and slots. */
interface Lane {
  readonly authorization: AuthHeaders;
  readonly limit: Limit;
}

function lanesByAccount(accounts: readonly AccountConfig[], concurrency: number): ReadonlyMap<string, Lane> {
  const limits = createLimits(
    concurrency,
    accounts.map(({ credential }) => credentialKey(credential)),
  );
  return new Map(
    accounts.map(({ name, credential }) => [
      name,
      { authorization: headersOf(credential), limit: limits(credentialKey(credential)) },
    ]),
  );
}

function headersOf(credential: Credential): AuthHeaders {
  return credential.scheme === "token"
    ? authHeaders({ scheme: "token", token: credential.token.value })
    : authHeaders({ scheme: "key", email: credential.email, key: credential.key.value });
}

function laneOf(lanes: ReadonlyMap<string, Lane>, { account }: Target): Lane {
  const lane = lanes.get(account);
  if (lane === undefined) throw new Error(`Expected a lane for the account "${account}"`);
  return lane;
}
