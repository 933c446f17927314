import type { Log } from "../base/log.ts";
import { formatDuration } from "../base/duration.ts";
import { firstRoundDone, firstRoundLeftMs, type Snapshot } from "../domain/snapshot.ts";

interface ReadinessOptions {
  readonly isStopping: () => boolean;
  /** Names of the accounts whose first list of interconnects is still awaited. */
  readonly awaitedLists: () => readonly string[];
  readonly read: () => Snapshot;
  /** Time over which the first polls are spread. */
  readonly spreadMs: () => number;
}

/**
 * Why the exporter is not ready; undefined when it is: from the first round of polls on until it stops. What a reload or a
 * list adds later is no reason to take a working exporter away from its scrapers.
 */
export function createReadiness({
  isStopping,
  awaitedLists,
  read,
  spreadMs,
}: ReadinessOptions): () => string | undefined {
  let firstRound = false;
  return () => {
    if (isStopping()) return "shutting down";
    if (firstRound) return undefined;
    const { state } = read();
    const awaited = awaitedLists();
    if (awaited.length > 0) return `the interconnects of ${awaited.join(", ")} have not been listed yet`;
    firstRound = firstRoundDone(state);
    if (firstRound) return undefined;
    const waiting = state.entries.all.filter(({ polls }) => polls === 0).length;
    const left = formatDuration(Math.ceil(firstRoundLeftMs(state, spreadMs()) / 1000) * 1000);
    return `${waiting} of ${state.entries.length} interconnects have not been polled yet, which takes about ${left} more`;
  };
}

const FIRST_LINE_MS = 30_000;
const MOST_BETWEEN_MS = 600_000;

interface ProgressOptions {
  readonly whyNotReady: () => string | undefined;
  readonly startMs: number;
  readonly log: Log;
}

/** Says in the log how far the first round is: after 30 s, then at twice the time each, and at least every 10 minutes. Call it with the time. */
export function createProgress({ whyNotReady, startMs, log }: ProgressOptions): (nowMs: number) => void {
  let nextMs = startMs + FIRST_LINE_MS;
  return (nowMs) => {
    if (nowMs < nextMs) return;
    nextMs = nowMs + Math.min(nowMs - startMs, MOST_BETWEEN_MS);
    const why = whyNotReady();
    if (why !== undefined) log.info({ why }, "Not ready yet");
  };
}
