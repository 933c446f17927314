import { createCredentialSource, type CredentialSource } from "../api/credential-source.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { type AccountConfig, type Config, credentialKey } from "../config/config.ts";
import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";
import { ALONE, type Replica, shareOf } from "../domain/replica.ts";
import { CredentialQueue } from "../poll/credential-queue.ts";
import type { CredentialUsage } from "../poll/credential-usage.ts";
import { createLimits } from "../poll/limits.ts";
import { usageOf, type AccountRecords } from "./account-records.ts";
import type { Rhythms } from "./rhythms.ts";

/** An account with what its requests pass through; accounts of one credential share queue and usage. */
export interface Account {
  readonly config: AccountConfig;
  readonly usage: CredentialUsage;
  readonly queue: CredentialQueue;
  readonly credential: CredentialSource;
}

interface AccountsOptions {
  readonly config: Config;
  readonly records: AccountRecords;
  readonly rhythms: Rhythms;
  /** @default one that is alone */
  readonly replica?: Replica;
  /** Whether requests are spread over the budget's window; a command that asks once does not wait. */
  readonly paced: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** The accounts of a configuration, by name. Throws a RangeError for a name that it does not have. */
export function createAccounts(options: AccountsOptions): (name: string) => Account {
  const { config, records, rhythms, replica = ALONE, paced, clock, log } = options;
  const budget = shareOf(config.api.budgetRequests, replica.count);
  const limits = createLimits(
    config.poll.concurrency,
    config.accounts.map(({ credential }) => credentialKey(credential)),
  );
  const accounts = new Map(
    config.accounts.map((account): [string, Account] => {
      const key = credentialKey(account.credential);
      const usage = usageOf(records, key);
      const queue = new CredentialQueue({
        usage,
        budget,
        gapMs: paced ? CLOUDFLARE_LIMIT.windowMs / budget : 0,
        limit: limits(key),
        clock,
        log: log.child({ account: account.name }),
        plan: () => rhythms.steadyOf(account.name),
      });
      const credential = createCredentialSource(account.credential, {
        clock,
        log: log.child({ account: account.name }),
      });
      return [account.name, { config: account, usage, queue, credential }];
    }),
  );
  return (name) => {
    const account = accounts.get(name);
    if (account === undefined)
      throw new RangeError(`Expected an account of the configuration, got "${name}"`);
    return account;
  };
}
