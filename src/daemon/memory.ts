import type { Discovery } from "../domain/discovered.ts";
import { Ledger } from "../poll/ledger.ts";

/** What an account's list calls have shown, and how many of them one list takes. */
export interface Listing {
  readonly discovery: Discovery;
  readonly pages: number;
}

/** What outlives a configuration: Cloudflare remembers what was asked, so we do too. */
export interface Memory {
  /** By credential. */
  readonly ledgers: Map<string, Ledger>;
  /** By account. */
  readonly listings: Map<string, Listing>;
}

export function newMemory(): Memory {
  return { ledgers: new Map(), listings: new Map() };
}

/** The ledger of a credential, new when it was never used. */
export function ledgerOf(memory: Memory, credential: string): Ledger {
  const known = memory.ledgers.get(credential);
  if (known !== undefined) return known;
  const ledger = new Ledger();
  memory.ledgers.set(credential, ledger);
  return ledger;
}
