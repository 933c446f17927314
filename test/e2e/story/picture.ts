import type { Rows } from "./table.ts";

/** The state of each interconnect, by `account interconnect`, while both members of newyork and all of lhr are Down. */
export const STATES_DOWN = {
  "lab icon-fra-01-unhealthy-low-light": "Unhealthy",
  "lab icon-fra-02-pending": "Pending",
  "lab icon-fra-03-steady": "Healthy",
  "lab icon-fra-04-degraded": "Unknown",
  "lab icon-fra-06": "Pending",
  "production icon-ewr-01": "Down",
  "production icon-ewr-02": "Down",
  "production icon-lhr-01": "Down",
  "production icon-lhr-02": "Down",
  "production icon-par-01": "Healthy",
  "refused icon-bad-01": "Unknown",
} as const;

/** The number that the records give each state. */
const RANKS = { Healthy: 1, Pending: 2, Unhealthy: 3, Down: 4, Unknown: 5 } as const;

/** Keys of all interconnects, each with what `value` makes of its state; left out where that is undefined. */
export function ofEach(value: (state: keyof typeof RANKS, key: string) => unknown): Rows {
  return Object.fromEntries(
    Object.entries(STATES_DOWN)
      .map(([key, state]): [string, unknown] => [key, value(state, key)])
      .filter(([, each]) => each !== undefined),
  );
}

export const RANKS_DOWN = ofEach((state) => RANKS[state]);

/** Of each interconnect that was ever answered with a state: 1 for that one, 0 for the other three. */
export const LAST_KNOWN_DOWN: Rows = Object.fromEntries(
  Object.entries(STATES_DOWN)
    .filter(([, state]) => state !== "Unknown")
    .flatMap(([key, last]) =>
      ["Healthy", "Unhealthy", "Down", "Pending"].map((state) => [`${key} ${state}`, Number(state === last)]),
    ),
);
