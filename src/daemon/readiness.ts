import { firstRoundDone, type Snapshot } from "../domain/snapshot.ts";

interface ReadinessOptions {
  readonly isStopping: () => boolean;
  /** Names of the accounts whose first list of interconnects is still awaited. */
  readonly awaitedLists: () => readonly string[];
  readonly read: () => Snapshot;
}

/**
 * Why the exporter is not ready; undefined when it is: from the first round of polls on until it stops. What a reload or a
 * list adds later is no reason to take a working exporter away from its scrapers.
 */
export function createReadiness({
  isStopping,
  awaitedLists,
  read,
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
    const waiting = state.entries.filter(({ polls }) => polls === 0).length;
    return `${waiting} of ${state.entries.length} interconnects have not been polled yet`;
  };
}
