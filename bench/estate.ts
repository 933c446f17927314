import type { Instant } from "../src/base/clock.ts";
import type { Plan } from "../src/domain/plan.ts";
import type { LinkState } from "../src/domain/link-state.ts";
import { EMPTY_STATE, type ExporterState, reduce } from "../src/domain/state.ts";
import { type Target, targetKey } from "../src/domain/target.ts";

/** A moment of the simulated time, in milliseconds since the estate began. */
export function instantAt(ms: number): Instant {
  return { unixMs: 1_767_225_600_000 + ms, monoMs: ms };
}

const ACCOUNT = "production";
/** What the first polls of each interconnect answer; undefined is a timeout. */
const FIRST_WORDS = ["Healthy", "Down", undefined, "Unhealthy", "Healthy"] as const;
const REASONS: Readonly<Record<LinkState, string>> = {
  Healthy: "",
  Unhealthy: "Receive power is low on port 12: -17.3 dBm",
  Down: "No light received on the port",
  Pending: "Waiting for the cross-connect",
};

function targetsOf(count: number): readonly Target[] {
  return Array.from({ length: count }, (_, index) => {
    const interconnect = `icon-${["ewr", "lhr", "fra", "sin"][index % 4]}-${String(index).padStart(5, "0")}`;
    return {
      key: targetKey(ACCOUNT, interconnect),
      account: ACCOUNT,
      accountId: "023e105f4ecef8ad9ca31a8372d0c353",
      interconnect,
      expectedState: "Healthy",
      labels: { circuit_id: `XC-${20_000 + index}`, provider: "Example Carrier" },
      info: {
        type: "direct",
        site: "EWR1",
        facility: "Example Facility",
        speed: "10G",
        device: "edge01.ewr01",
        region: "ENAM",
        slotId: `slot-${index}`,
      },
    };
  });
}

export function planOf(count: number): Plan {
  return {
    targets: targetsOf(count),
    groups: [],
    staleAfterMs: { [ACCOUNT]: 600_000 },
    reasons: { label: "full", maxLength: 200, maskNumbers: true, maxPerInterconnect: 20, classes: [] },
  };
}

/** As many interconnects as asked for, each polled five times: answered, failed, and answered again. */
export function estateOf(count: number): ExporterState {
  const plan = planOf(count);
  let state = reduce(EMPTY_STATE, { type: "planned", at: instantAt(0), plan });
  for (const [index, target] of plan.targets.entries()) {
    for (const [round, word] of FIRST_WORDS.entries()) {
      state = polled(state, target, word, 60_000 * (round + 1) + index * 7);
    }
  }
  return state;
}

/** The state after one more poll of a target: an answer, or without a `word` a timeout. */
function polled(
  state: ExporterState,
  { key }: Target,
  word: LinkState | undefined,
  atMs: number,
): ExporterState {
  const at = instantAt(atMs);
  return word === undefined
    ? reduce(state, { type: "poll-failed", at, key, failure: { kind: "timeout", message: "no answer" } })
    : reduce(state, { type: "poll-succeeded", at, key, word, reason: REASONS[word], cfRay: undefined });
}

/**
 * The state after a share of the interconnects, evenly spread, was polled and has changed its state: the dearest kind
 * of change, nearly every row of it differs. `round` counts up from 1.
 */
export function changeShare(state: ExporterState, share: number, round: number): ExporterState {
  const { entries } = state;
  const count = Math.round(entries.length * share);
  let after = state;
  for (let nth = 0; nth < count; nth += 1) {
    const entry = entries.at((Math.floor(nth / share) + round) % entries.length);
    if (entry === undefined) continue;
    const word = entry.state === "Down" ? "Healthy" : "Down";
    after = polled(after, entry.target, word, 3_600_000 + round * 60_013 + nth);
  }
  return after;
}
