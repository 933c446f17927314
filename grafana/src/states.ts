import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";

interface ShownState {
  readonly name: string;
  /** The number that stands for it in the recording rule. */
  readonly rank: number;
  /** Of Okabe and Ito's palette, which colour-blind readers can tell apart; the word is always beside it. */
  readonly color: string;
}

/** The states, best first; what we do not know is grey. */
export const SHOWN_STATES: readonly ShownState[] = [
  { name: "Healthy", rank: 1, color: "#009E73" },
  { name: "Pending", rank: 2, color: "#56B4E9" },
  { name: "Unhealthy", rank: 3, color: "#E69F00" },
  { name: "Down", rank: 4, color: "#D55E00" },
  { name: "Unknown", rank: 5, color: "#8E8E8E" },
];

/** From the rank to word and colour. */
export const STATE_MAPPINGS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      SHOWN_STATES.map(({ name, rank, color }, index) => [String(rank), { text: name, color, index }]),
    ),
  },
];

/** What a group has to spare, in words. */
export const SPARE_MAPPINGS: ValueMapping[] = [
  {
    type: MappingType.RangeToText,
    // Grafana reads null as "no limit"; its type knows numbers alone.
    options: { from: -1_000_000, to: -1, result: { text: "below minimum", color: "#D55E00", index: 0 } },
  },
  { type: MappingType.ValueToText, options: { "0": { text: "none to spare", color: "#E69F00", index: 1 } } },
];

/** From 0 and 1 to words. */
export const YES_NO_MAPPINGS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      "0": { text: "no", color: "#D55E00", index: 0 },
      "1": { text: "yes", color: "#009E73", index: 1 },
    },
  },
];
