import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import {
  afterList,
  type Discovery,
  isWanted,
  type ListAnswer,
  NOTHING_DISCOVERED,
  type Wanted,
} from "../domain/discovered.ts";
import { ApiError, type FailureKind } from "../domain/failure.ts";
import { repeat } from "./repeat.ts";

interface DiscoveredAccount extends Wanted {
  readonly name: string;
  readonly intervalMs: number;
}

export interface DiscoveryOptions {
  readonly account: DiscoveredAccount;
  /** What was known before, such as by the generation before a reload. */
  readonly known: Discovery | undefined;
  /** When to list first, in monotonic milliseconds. */
  readonly firstDueMs: number;
  /** Lists all pages; throws an ApiError. */
  readonly list: (latestMs: number, signal: AbortSignal) => Promise<ListAnswer>;
  /** Told after each attempt, with what is known now. */
  readonly onAttempt: (attempt: DiscoveryAttempt) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DiscoveryAttempt {
  readonly account: string;
  readonly discovery: Discovery;
  /** Pages of the last list; 0 when it failed. */
  readonly pages: number;
  readonly failure: FailureKind | undefined;
}

/** A failed list is tried again after this long, or after the interval when that is shorter. */
const RETRY_MS = 60_000;

/** Lists one account's interconnects when first due and then every interval, until the signal aborts. */
export function repeatDiscovery(options: DiscoveryOptions, signal: AbortSignal): Promise<void> {
  const { account, clock, list, onAttempt } = options;
  const log = options.log.child({ account: account.name });
  let discovery = options.known ?? NOTHING_DISCOVERED;
  let failing: FailureKind | undefined;
  /** What was last said of a list's faults: the same ones again are no news. */
  let reported = "";

  return repeat(attempt, options.firstDueMs, { clock, log, signal, afterBugMs: account.intervalMs });

  async function attempt(dueMs: number): Promise<number> {
    try {
      const answer = await list(dueMs + account.intervalMs, signal);
      report(answer);
      const wanted = answer.items.filter(({ name }) => isWanted(name, account));
      discovery = afterList(discovery, wanted);
      onAttempt({ account: account.name, discovery, pages: answer.pages, failure: undefined });
      return clock.now().monoMs + account.intervalMs;
    } catch (error) {
      if (signal.aborted) throw error;
      const failure = error instanceof ApiError ? error.kind : "internal";
      const level = failure === failing ? "debug" : "warn";
      log[level](
        { kind: failure, error: error instanceof Error ? error.message : String(error) },
        "Discovery failed",
      );
      failing = failure;
      onAttempt({ account: account.name, discovery, pages: 0, failure });
      return clock.now().monoMs + Math.min(account.intervalMs, RETRY_MS);
    }
  }

  function report({ items, duplicates, unusable }: ListAnswer): void {
    if (failing !== undefined) log.info({ after: failing }, "Discovery succeeded again");
    failing = undefined;
    log.debug({ interconnects: items.length }, "Discovered");
    const faults = JSON.stringify([duplicates, unusable]);
    if (faults === reported) return;
    reported = faults;
    if (duplicates.length > 0) log.warn({ names: duplicates }, "Listed twice, the first one counts");
    if (unusable > 0) log.warn({ items: unusable }, "Listed without a name, not polled");
  }
}
