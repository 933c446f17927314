import { findEntry } from "../domain/find-entry.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { exposition, type Format } from "./exposition.ts";
import { entryRows, interconnectFamilies, labelKeysOf } from "./interconnect-families.ts";

/** The body of `/probe`: the families of one interconnect, as on `/metrics`; undefined when it is not polled. */
export type Probe = (format: Format, account: string, interconnect: string) => string | undefined;

export function createProbe(read: () => Snapshot): Probe {
  return (format, account, interconnect) => {
    const { state } = read();
    const entry = findEntry(state, account, interconnect);
    if (entry === undefined) return undefined;
    // The user's label keys are those of all targets, as on `/metrics`.
    const blocks = interconnectFamilies(labelKeysOf(state.plan.targets)).map((family) => ({
      family,
      rows: entryRows(family, entry),
    }));
    return exposition(blocks, format);
  };
}
