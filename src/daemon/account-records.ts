import type { Instant } from "../base/clock.ts";
import { type AccountConfig, credentialKey } from "../config/config.ts";
import { isWanted, type Listing } from "../domain/discovered.ts";
import { CredentialUsage } from "../poll/credential-usage.ts";

/** What the API said of an account's token. */
interface KnownToken {
  /** Which one was asked about. */
  readonly credential: string;
  readonly asked: Instant;
  /** Unix milliseconds; undefined when the API did not tell. */
  readonly expiresAtMs: number | undefined;
}

/** What outlives a configuration: Cloudflare remembers what was asked, so we do too. */
export interface AccountRecords {
  /** By credential. */
  readonly usages: Map<string, CredentialUsage>;
  /** By account, the credential that it uses. */
  readonly credentials: Map<string, string>;
  /** By account. */
  readonly listings: Map<string, Listing>;
  /** By account. */
  readonly tokens: Map<string, KnownToken>;
  /** By account, the interval in effect that the log has told of. */
  readonly announced: Map<string, number>;
}

export function newAccountRecords(): AccountRecords {
  return {
    usages: new Map(),
    credentials: new Map(),
    listings: new Map(),
    tokens: new Map(),
    announced: new Map(),
  };
}

/** The usage of a credential, new when it was never used. */
export function usageOf(records: AccountRecords, credential: string): CredentialUsage {
  const known = records.usages.get(credential);
  if (known !== undefined) return known;
  const usage = new CredentialUsage();
  records.usages.set(credential, usage);
  return usage;
}

/** Makes the records fit these accounts: what was asked and found out is taken on, and nothing is kept of those that are gone. */
export function remember(records: AccountRecords, accounts: readonly AccountConfig[]): void {
  succeedCredentials(
    records,
    new Map(accounts.map(({ name, credential }) => [name, credentialKey(credential)])),
  );
  const byName = new Map(accounts.map((account) => [account.name, account]));
  for (const [name, listing] of records.listings) {
    const account = byName.get(name);
    const kept = account === undefined ? undefined : keptOf(listing, account);
    if (kept === undefined) records.listings.delete(name);
    else records.listings.set(name, kept);
  }
  for (const map of [records.tokens, records.announced]) {
    for (const name of map.keys()) if (!byName.has(name)) map.delete(name);
  }
}

/**
 * Cloudflare counts the requests of a user, whatever the token: one that takes the place of another goes on with its
 * window and its pause. A credential that is still in use elsewhere keeps its own as well.
 */
function succeedCredentials(records: AccountRecords, next: ReadonlyMap<string, string>): void {
  const inUse = new Set(next.values());
  const successions = [...next].flatMap(([account, credential]) => {
    const before = records.credentials.get(account);
    return before === undefined || before === credential ? [] : [{ before, credential }];
  });
  const fresh = new Set([...inUse].filter((credential) => !records.usages.has(credential)));
  const once = new Map(successions.map((each) => [`${each.before} ${each.credential}`, each]));
  for (const { before, credential } of once.values()) {
    const usage = records.usages.get(before);
    if (usage !== undefined && (fresh.has(credential) || !inUse.has(before))) {
      usageOf(records, credential).absorb(usage);
    }
  }
  for (const { before } of successions) if (!inUse.has(before)) records.usages.delete(before);
  records.credentials.clear();
  for (const [account, credential] of next) records.credentials.set(account, credential);
}

/** What still holds of a listing: nothing when another account is meant by now, else what the filters let through. */
function keptOf(listing: Listing, { accountId, discovery }: AccountConfig): Listing | undefined {
  if (!discovery.enabled || listing.accountId !== accountId) return undefined;
  const known = listing.discovery.known.filter(({ name }) => isWanted(name, discovery));
  return { ...listing, discovery: { ...listing.discovery, known } };
}

/** After the wall clock was set: what was read from it moves along. */
export function rebaseRecords(records: AccountRecords, byMs: number): void {
  for (const usage of records.usages.values()) usage.rebase(byMs);
  for (const [account, listing] of records.listings) {
    const listed = { ...listing.listed, unixMs: listing.listed.unixMs + byMs };
    records.listings.set(account, { ...listing, listed });
  }
}
