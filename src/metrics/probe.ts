import type { Snapshot } from "../domain/snapshot.ts";
import { findEntry } from "../domain/state.ts";
import { exposition, type Format, row } from "./exposition.ts";
import { entryRows, interconnectFamilies, labelKeysOf } from "./interconnect-families.ts";
import { TIME_FAMILY } from "./time-family.ts";

/** The body of `/probe`: the families of one interconnect and the clock, as on `/metrics`; undefined when it is not polled. */
export type Probe = (format: Format, account: string, interconnect: string) => string | undefined;

export function createProbe(read: () => Snapshot): Probe {
  return (format, account, interconnect) => {
    const { state, now } = read();
    const entry = findEntry(state, account, interconnect);
    if (entry === undefined) return undefined;
    // The user's label keys are those of all targets, as on `/metrics`.
    const blocks = interconnectFamilies(labelKeysOf(state.plan.targets)).map((family) => ({
      family,
      rows: entryRows(family, entry),
    }));
    const time = row(TIME_FAMILY.name, "", { labels: [], value: now.unixMs / 1000 });
    return exposition([...blocks, { family: TIME_FAMILY, rows: time }], format);
  };
}
