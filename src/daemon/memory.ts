import type { Instant } from "../base/clock.ts";
import { type AccountConfig, credentialKey } from "../config/config.ts";
import { isWanted, type Listing } from "../domain/discovered.ts";
import { Ledger } from "../poll/ledger.ts";

/** What the API said of an account's token. */
interface KnownToken {
  /** Which one was asked about. */
  readonly credential: string;
  readonly asked: Instant;
  /** Unix milliseconds; undefined when the API did not tell. */
  readonly expiresAtMs: number | undefined;
}

/** What outlives a configuration: Cloudflare remembers what was asked, so we do too. */
export interface Memory {
  /** By credential. */
  readonly ledgers: Map<string, Ledger>;
  /** By account, the credential that it uses. */
  readonly credentials: Map<string, string>;
  /** By account. */
  readonly listings: Map<string, Listing>;
  /** By account. */
  readonly tokens: Map<string, KnownToken>;
  /** By account, the interval in effect that the log has told of. */
  readonly announced: Map<string, number>;
}

export function newMemory(): Memory {
  return {
    ledgers: new Map(),
    credentials: new Map(),
    listings: new Map(),
    tokens: new Map(),
    announced: new Map(),
  };
}

/** The ledger of a credential, new when it was never used. */
export function ledgerOf(memory: Memory, credential: string): Ledger {
  const known = memory.ledgers.get(credential);
  if (known !== undefined) return known;
  const ledger = new Ledger();
  memory.ledgers.set(credential, ledger);
  return ledger;
}

/** Makes the memory fit these accounts: what was asked and found out is taken on, and nothing is kept of those that are gone. */
export function remember(memory: Memory, accounts: readonly AccountConfig[]): void {
  succeedCredentials(
    memory,
    new Map(accounts.map(({ name, credential }) => [name, credentialKey(credential)])),
  );
  const byName = new Map(accounts.map((account) => [account.name, account]));
  for (const [name, listing] of memory.listings) {
    const account = byName.get(name);
    const kept = account === undefined ? undefined : keptOf(listing, account);
    if (kept === undefined) memory.listings.delete(name);
    else memory.listings.set(name, kept);
  }
  for (const map of [memory.tokens, memory.announced]) {
    for (const name of map.keys()) if (!byName.has(name)) map.delete(name);
  }
}

/**
 * Cloudflare counts the requests of a user, whatever the token: one that takes the place of another goes on with its
 * window and its pause. A credential that is still in use elsewhere keeps its own as well.
 */
function succeedCredentials(memory: Memory, next: ReadonlyMap<string, string>): void {
  const inUse = new Set(next.values());
  const successions = [...next].flatMap(([account, credential]) => {
    const before = memory.credentials.get(account);
    return before === undefined || before === credential ? [] : [{ before, credential }];
  });
  const fresh = new Set([...inUse].filter((credential) => !memory.ledgers.has(credential)));
  const once = new Map(successions.map((each) => [`${each.before} ${each.credential}`, each]));
  for (const { before, credential } of once.values()) {
    const ledger = memory.ledgers.get(before);
    if (ledger !== undefined && (fresh.has(credential) || !inUse.has(before))) {
      ledgerOf(memory, credential).absorb(ledger);
    }
  }
  for (const { before } of successions) if (!inUse.has(before)) memory.ledgers.delete(before);
  memory.credentials.clear();
  for (const [account, credential] of next) memory.credentials.set(account, credential);
}

/** What still holds of a listing: nothing when another account is meant by now, else what the filters let through. */
function keptOf(listing: Listing, { accountId, discovery }: AccountConfig): Listing | undefined {
  if (!discovery.enabled || listing.accountId !== accountId) return undefined;
  const known = listing.discovery.known.filter(({ name }) => isWanted(name, discovery));
  return { ...listing, discovery: { ...listing.discovery, known } };
}
