import type { Clock } from "../base/clock.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { EMPTY_STATE, type Event, type ExporterState, reduce } from "../domain/state.ts";

/** The one mutable cell: it holds the current state, and every change of it is an event. */
export interface Store {
  readonly read: () => Snapshot;
  readonly dispatch: (event: Event) => void;
}

/** Told of each event together with the states before and after it. */
export type Observer = (before: ExporterState, after: ExporterState, event: Event) => void;

export function createStore(clock: Clock, observe: Observer): Store {
  let state = EMPTY_STATE;
  return {
    read: () => ({ state, now: clock.now() }),
    dispatch(event) {
      const before = state;
      state = reduce(before, event);
      observe(before, state, event);
    },
  };
}
