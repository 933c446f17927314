import type { Target } from "../../domain/target.ts";

/** A name and a value, which is `""` for what is not known. */
export type Fact = readonly [name: string, value: string];

/** What is known of a circuit beside its name, with the labels of the user's. */
export function circuitFacts({ info, labels }: Pick<Target, "info" | "labels">): readonly Fact[] {
  return [
    ["Type", info.type],
    ["Site", info.site],
    ["Region", info.region],
    ["Facility", info.facility],
    ["Speed", info.speed],
    ["Device", info.device],
    ["Slot ID", info.slotId],
    ...Object.entries(labels),
  ];
}
