import type { NextTurn } from "../base/next-turn.ts";

/** Interconnects rendered or compared between two turns of the event loop: a millisecond or less. */
const ENTRIES_PER_TURN = 1000;

/** Counts the work of a build over all its families, so that it gives way when it should and no more often. */
export interface Pace {
  /** Whether it is time to give way, `entries` more being done. */
  readonly isDue: (entries: number) => boolean;
  readonly giveWay: () => Promise<void>;
}

export function createPace(nextTurn: NextTurn): Pace {
  let done = 0;
  return {
    isDue(entries) {
      done += entries;
      return done >= ENTRIES_PER_TURN;
    },
    giveWay() {
      done = 0;
      return nextTurn();
    },
  };
}
