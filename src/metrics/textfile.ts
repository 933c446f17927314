import type { Snapshot } from "../domain/snapshot.ts";
import { exposition } from "./exposition.ts";
import { GROUP_FAMILIES, groupBlocks } from "./group-families.ts";
import { entryRows, interconnectFamilies, labelKeysOf } from "./interconnect-families.ts";

/** What a process that polls once knows too little of: since when a state holds. Nor has it counted anything. */
const NOT_KNOWN = "cloudflare_interconnect_state_since_timestamp_seconds";

/** The families of one round of polls that node_exporter's textfile collector may show. */
function familiesOf(labelKeys: readonly string[]) {
  return interconnectFamilies(labelKeys).filter(({ name, type }) => type === "gauge" && name !== NOT_KNOWN);
}

/** Their names, by which `/metrics` gives the same. */
export const TEXTFILE_FAMILIES: readonly string[] = [...familiesOf([]), ...GROUP_FAMILIES].map(
  ({ name }) => name,
);

/** What one round of polls found, in the text format. */
export function textfileOf({ state }: Snapshot): string {
  const blocks = familiesOf(labelKeysOf(state.plan.targets)).map((family) => ({
    family,
    rows: state.entries.all.map((entry) => entryRows(family, entry)).join(""),
  }));
  return exposition([...blocks, ...groupBlocks(state)], "text");
}
