import type { Clock, Instant } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { type Entry, type Remembered, rememberedOf } from "../domain/entry.ts";
import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";
import { EMPTY_STATE, entryOf, type Event, type ExporterState } from "../domain/state.ts";
import type { CredentialUsage } from "../poll/credential-usage.ts";
import { repeat } from "../poll/repeat.ts";
import type { Store } from "../poll/store.ts";
import { instantOf, type SavedHeader, type SavedUsage } from "../storage/saved-lines.ts";
import {
  decodeSavedState,
  encodeSavedState,
  type SavedState,
  SavedStateError,
  type StateToSave,
} from "../storage/saved-state.ts";
import type { StateFile } from "../storage/state-file.ts";
import { nextWriter, type Writer, writerIn, yieldsTo } from "../storage/writer.ts";
import { type AccountRecords, usageOf } from "./account-records.ts";

const LOOK_EVERY_MS = 500;
const WRITE_EVERY_MS = 30_000;
/** More than any budget: a number in a file cannot take all records. */
const MOST_REQUESTS = 100_000;

interface KeepOptions {
  readonly stateFile: StateFile;
  readonly store: Store;
  readonly records: AccountRecords;
  /** Requests per credential in 5 minutes, of the configuration in effect. */
  readonly budget: () => number;
  /** This process among those that may write the file. */
  readonly writerId: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface RecallOptions extends Pick<KeepOptions, "store" | "records" | "clock" | "log"> {
  readonly stateFile: Pick<StateFile, "path" | "read" | "setAside">;
}

/** How writing has gone since the start. */
interface StorageReading {
  readonly failures: number;
  /** Unix time of the last good one. */
  readonly lastWriteMs: number;
}

/** Keeps what is known in the state file; disposing writes it a last time. */
export interface StateKeeper extends AsyncDisposable {
  /** Told of each event. */
  readonly observe: (before: ExporterState, after: ExporterState, event: Event) => void;
  readonly reading: () => StorageReading;
}

/** Brings back what the process before has known. Never rejects: a file that cannot be used is set aside. */
export async function recallState({ stateFile, store, records, clock, log }: RecallOptions): Promise<void> {
  const { path: file } = stateFile;
  try {
    const text = await stateFile.read();
    if (text === undefined) return;
    const now = clock.now();
    const saved = decodeSavedState(text, now);
    store.dispatch({ type: "remembered", at: now, interconnects: saved.interconnects });
    for (const [account, listing] of saved.listings) records.listings.set(account, listing);
    for (const [account, credential] of saved.credentials) records.credentials.set(account, credential);
    recallUsages(saved, records, now);
    log.info({ file, interconnects: saved.interconnects.size, clean: saved.clean }, "State recalled");
  } catch (error) {
    const reason = error instanceof SavedStateError ? error.message : String(error);
    const aside = await stateFile.setAside(clock.now().unixMs).catch(() => undefined);
    log.warn({ file, reason, aside }, "Stored state cannot be used and was set aside");
  }
}

/** A process that was killed may have sent more than it wrote: as much as the budget's pace allows until the next write. */
function recallUsages(saved: SavedState, records: AccountRecords, now: Instant): void {
  const { writtenMs, clean, budget } = saved;
  const unseenMs = clean ? 0 : clampTo(WRITE_EVERY_MS + LOOK_EVERY_MS, now.unixMs - writtenMs);
  const unseen = [
    (writtenMs + unseenMs) / 1000,
    Math.ceil((unseenMs * budget) / CLOUDFLARE_LIMIT.windowMs),
  ] as const;
  for (const [credential, { sent, pausedUntilMs }] of saved.usages) {
    const usage = usageOf(records, credential);
    const times = [...sent, unseen].flatMap(([seconds, requests]) => {
      const { monoMs } = instantOf(seconds * 1000, now);
      const inWindow = monoMs > now.monoMs - CLOUDFLARE_LIMIT.windowMs;
      return inWindow ? Array<number>(Math.min(requests, MOST_REQUESTS)).fill(monoMs) : [];
    });
    usage.recall(times);
    // A pause is no longer than it was, however the clock was set meanwhile.
    const restMs = Math.min(pausedUntilMs - now.unixMs, pausedUntilMs - writtenMs);
    if (restMs > 0) usage.pause(now, restMs);
  }
}

/** `ms`, or all of `most` when the clock was set back and nobody knows. */
function clampTo(most: number, ms: number): number {
  return ms < 0 ? most : Math.min(ms, most);
}

/**
 * Writes within a second of a change of state or a pause, and else twice a minute, until a process that began later writes the
 * file: across machines nothing else keeps two apart. The first time before it resolves, so that the file says that we run
 * before the first request is sent; rejects when that cannot be written.
 */
export async function startKeeping(options: KeepOptions): Promise<StateKeeper> {
  const { stateFile, store, records, budget, clock, log } = options;
  const { path: file } = stateFile;
  const writer = nextWriter(await lastWriter(stateFile), options.writerId, clock.now().unixMs);
  const stop = new AbortController();
  let urgent = false;
  let writtenMs = clock.now().monoMs;
  let pauses = "";
  let failing = false;
  let failures = 0;
  let lastWriteMs = 0;
  let isOurs = true;
  await write(false);
  const writing = repeat(look, clock.now().monoMs + LOOK_EVERY_MS, {
    clock,
    log,
    signal: stop.signal,
    afterBugMs: WRITE_EVERY_MS,
  });

  async function look(): Promise<number> {
    const { monoMs } = clock.now();
    const paused = pausesOf(records);
    if (urgent || paused !== pauses || monoMs - writtenMs >= WRITE_EVERY_MS) {
      pauses = paused;
      urgent = false;
      writtenMs = monoMs;
      await writeAgain(false);
    }
    return clock.now().monoMs + LOOK_EVERY_MS;
  }

  async function write(clean: boolean): Promise<void> {
    await stateFile.write(encodeSavedState(stateToSave(store, records, { budget: budget(), clean, writer })));
    lastWriteMs = clock.now().unixMs;
  }

  async function writeAgain(clean: boolean): Promise<void> {
    const other = await lastWriter(stateFile);
    if (isOurs && other !== undefined && yieldsTo(writer, other)) {
      isOurs = false;
      log.error({ file, writer: other.id }, "State is written by another process and no longer by this one");
    }
    if (!isOurs) return;
    try {
      await write(clean);
      if (failing) log.info({ file }, "State is written again");
      failing = false;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log[failing ? "debug" : "warn"]({ file, error: reason }, "State cannot be written");
      failing = true;
      failures += 1;
    }
  }

  return {
    observe(before, after, event) {
      if (before !== after) urgent ||= changesState(before, after, event);
    },
    reading: () => ({ failures, lastWriteMs }),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await writing;
      await writeAgain(true);
    },
  };
}

async function lastWriter(stateFile: StateFile): Promise<Writer | undefined> {
  return writerIn(await stateFile.readFirstLine());
}

function stateToSave(
  store: Store,
  records: AccountRecords,
  header: Pick<SavedHeader, "budget" | "clean" | "writer">,
): StateToSave {
  const { state, now } = store.read();
  const inUse = new Set(records.credentials.values());
  const usages = [...records.usages].map(([key, usage]) => [key, savedUsage(usage, now)] as const);
  return {
    ...header,
    writtenMs: now.unixMs,
    // Until there is a plan nothing has gone.
    interconnects: state.plan === EMPTY_STATE.plan ? state.remembered : rememberedIn(state),
    // Copies: what happens while it is written is for the next time.
    listings: new Map(records.listings),
    usages: new Map(
      usages.filter(
        ([key, { sent, pausedUntilMs }]) => inUse.has(key) || sent.length > 0 || pausedUntilMs > now.unixMs,
      ),
    ),
    credentials: new Map(records.credentials),
  };
}

/** In Unix times, each second's requests together and never earlier than they were sent. */
function savedUsage(usage: CredentialUsage, now: Instant): SavedUsage {
  const perSecond = new Map<number, number>();
  for (const sentMs of usage.sentTimes(now.monoMs)) {
    const second = Math.ceil((now.unixMs - (now.monoMs - sentMs)) / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  return { sent: [...perSecond], pausedUntilMs: Math.ceil(usage.pausedUntil.unixMs) };
}

function* rememberedIn({ entries }: ExporterState): Generator<readonly [string, Remembered]> {
  for (const entry of entries.all) {
    const remembered = rememberedOnce(entry);
    if (remembered !== undefined) yield [entry.target.key, remembered];
  }
}

const rememberedByEntry = new WeakMap<Entry, Remembered>();

/** The same object for the same entry, so that it is encoded once. */
function rememberedOnce(entry: Entry): Remembered | undefined {
  const remembered = rememberedByEntry.get(entry) ?? rememberedOf(entry);
  if (remembered !== undefined) rememberedByEntry.set(entry, remembered);
  return remembered;
}

/** Whether what the file is for has changed: not when a poll only confirmed what was known. */
function changesState(before: ExporterState, after: ExporterState, event: Event): boolean {
  if (event.type !== "poll-succeeded" && event.type !== "poll-failed") return true;
  const was = entryOf(before, event.key);
  const is = entryOf(after, event.key);
  return was?.state !== is?.state || was?.lastKnown !== is?.lastKnown;
}

function pausesOf(records: AccountRecords): string {
  return [...records.usages.values()].map(({ pausedUntil }) => pausedUntil.unixMs).join(" ");
}
