import type { ExporterState } from "../../src/domain/state.ts";
import { type Block, labelPairs, row } from "../../src/metrics/exposition.ts";
import { interconnectFamilies, labelKeysOf } from "../../src/metrics/interconnect-families.ts";

/** The interconnect families of a state, made from nothing: what the kept and edited bodies must be equal to. */
export function plainBlocks({ entries, plan }: ExporterState): Block[] {
  return interconnectFamilies(labelKeysOf(plan.targets)).map((family) => ({
    family,
    rows: entries.all
      .flatMap((entry) => {
        const { account, interconnect } = entry.target;
        const identity = labelPairs([
          ["account", account],
          ["interconnect", interconnect],
        ]);
        return family.samples(entry).map((sample) => row(family.name, identity, sample));
      })
      .join(""),
  }));
}
