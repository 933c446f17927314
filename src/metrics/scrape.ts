import type { Snapshot } from "../domain/snapshot.ts";
import { exposition } from "./exposition.ts";
import type { Block, Format } from "./exposition.ts";
import { groupBlocks } from "./group-families.ts";
import type { InterconnectRows } from "./interconnect-rows.ts";
import type { TelemetryRows } from "./telemetry-rows.ts";

/** The body of `/metrics`. `names`: the families wanted, all of them when empty. */
export type Scrape = (format: Format, names: readonly string[]) => Promise<string>;

/** Interconnects first, then the exporter itself; all rows of one scrape are of one snapshot. */
export function createScrape(
  read: () => Snapshot,
  interconnects: InterconnectRows,
  telemetry: TelemetryRows,
): Scrape {
  return async (format, names) => {
    const own = await telemetry();
    const snapshot = read();
    const blocks: readonly Block[] = [...interconnects(snapshot), ...groupBlocks(snapshot.state), ...own];
    const wanted = names.length === 0 ? blocks : blocks.filter(({ family }) => names.includes(family.name));
    return exposition(wanted, format);
  };
}
