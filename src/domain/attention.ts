import type { Instant } from "../base/clock.ts";
import type { Entry } from "./entry.ts";

/** A change is watched closely for this long. */
const RECENT_CHANGE_MS = 600_000;
/** A circuit that is expected to be Pending is watched closely at first: its turn-up is near. */
const TURN_UP_MS = 86_400_000;

/**
 * Whether an interconnect is polled at the attention rhythm: not as expected, newly Pending as expected, or changed in
 * the last 10 minutes. Never while its polls fail: that would only press an API that is in trouble.
 */
export function needsAttention(entry: Entry, now: Instant): boolean {
  const { state, target, changed, since, failure, lastSuccess, remembered } = entry;
  if (failure !== undefined || lastSuccess === undefined || remembered !== undefined) return false;
  if (state !== target.expectedState) return true;
  if (state === "Pending" && now.monoMs - since.monoMs < TURN_UP_MS) return true;
  return changed !== undefined && now.monoMs - changed.monoMs < RECENT_CHANGE_MS;
}
