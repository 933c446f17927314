import { findEntry } from "../domain/find-entry.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { exposition } from "./exposition.ts";
import type { Format } from "./exposition.ts";
import type { InterconnectRows } from "./interconnect-rows.ts";

/** The body of `/probe`: the families of one interconnect, as on `/metrics`; undefined when it is not polled. */
export type Probe = (format: Format, account: string, interconnect: string) => string | undefined;

/** `interconnects` must be the probe's own: what it remembers is of single interconnects. */
export function createProbe(read: () => Snapshot, interconnects: InterconnectRows): Probe {
  return (format, account, interconnect) => {
    const { state, now } = read();
    const entry = findEntry(state, account, interconnect);
    if (entry === undefined) return undefined;
    // The same plan, so that the user's label keys are those of `/metrics`.
    return exposition(interconnects({ state: { ...state, entries: [entry] }, now }), format);
  };
}
