import { setImmediate } from "node:timers/promises";

/** Resolves in the next turn of the event loop, after what waits for its turn now: long work breathes by it. */
export type NextTurn = () => Promise<void>;

export const nextTurn: NextTurn = () => setImmediate();
