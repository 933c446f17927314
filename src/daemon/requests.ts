import type { ApiClient } from "../api/client.ts";
import { withRetry } from "../api/retry.ts";
import type { Clock } from "../base/clock.ts";
import type { Random } from "../base/random.ts";
import type { Config } from "../config/config.ts";
import type { Operation } from "../domain/api-request.ts";
import type { ListAnswer } from "../domain/discovered.ts";
import { ApiError } from "../domain/failure.ts";
import type { AskStatus } from "../poll/poller.ts";
import type { Account } from "./accounts.ts";

/** What is told of requests while they are made. */
interface RequestsObserver {
  readonly pollStarted: (lagMs: number) => void;
  readonly pollEnded: () => void;
  readonly observeRetry: (account: string, operation: Operation) => void;
}

export interface RequestsOptions {
  readonly config: Config;
  readonly client: ApiClient;
  readonly accountOf: (name: string) => Account;
  readonly observer: RequestsObserver;
  readonly clock: Clock;
  readonly random: Random;
}

/** Everything that is ever asked of the API, each request through its account's queue, with retries and deadline. */
export interface Requests {
  readonly askStatus: AskStatus;
  /** All interconnects of an account. Throws an ApiError. */
  readonly list: (account: string, latestMs: number, signal: AbortSignal) => Promise<ListAnswer>;
  /** When the account's token expires, in Unix milliseconds; undefined when it never does, or is a key. Throws an ApiError. */
  readonly tokenExpiry: (
    account: string,
    latestMs: number,
    signal: AbortSignal,
  ) => Promise<number | undefined>;
}

export function createRequests(options: RequestsOptions): Requests {
  const { config, client, accountOf, observer, clock, random } = options;
  const { timeoutMs, retries } = config.poll;

  function retrying<T>(
    account: Account,
    operation: Operation,
    attempt: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const asked = withRetry(attempt, {
      retries,
      timeoutMs,
      clock,
      random,
      signal,
      onRetry: () => {
        const taken = account.queue.takeRetry();
        if (taken) observer.observeRetry(account.config.name, operation);
        return taken;
      },
    });
    return asked.catch((error: unknown) => {
      const refused =
        error instanceof ApiError && (error.kind === "unauthorized" || error.kind === "forbidden");
      if (refused) account.credential.doubt();
      throw error;
    });
  }

  return {
    askStatus({ account: name, accountId, interconnect }, { dueMs, latestMs }, signal, onTurn) {
      const account = accountOf(name);
      async function poll() {
        onTurn();
        observer.pollStarted(clock.now().monoMs - dueMs);
        try {
          const request = {
            account: name,
            accountId,
            interconnect,
            authorization: await account.credential.headers(),
          };
          return await retrying(account, "status", (attempt) => client.getStatus(request, attempt), signal);
        } finally {
          observer.pollEnded();
        }
      }
      return account.queue.run(poll, latestMs, signal);
    },
    async list(name, latestMs, signal) {
      const account = accountOf(name);
      const { accountId } = account.config;
      const authorization = await account.credential.headers();
      const request = {
        account: name,
        accountId,
        authorization,
        perPage: <T>(send: (attempt: AbortSignal) => Promise<T>) =>
          account.queue.run(() => retrying(account, "list", send, signal), latestMs, signal),
      };
      return await client.listInterconnects(request, signal);
    },
    async tokenExpiry(name, latestMs, signal) {
      const account = accountOf(name);
      const { accountId } = account.config;
      const authorization = await account.credential.headers();
      if (authorization["authorization"] === undefined) return undefined;
      const request = { account: name, accountId, authorization };
      const verified = await account.queue.run(
        () => retrying(account, "verify", (attempt) => client.verifyToken(request, attempt), signal),
        latestMs,
        signal,
      );
      return verified.expiresAtUnixMs;
    },
  };
}
