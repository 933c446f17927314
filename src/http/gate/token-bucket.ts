import type { Clock } from "../../base/clock.ts";
import type { RateLimit } from "../web-config/settings.ts";

/** A bucket that starts full, as the exporter-toolkit's does. A new limit starts with a full bucket of its own. */
export function createTokenBucket(clock: Clock): (limit: RateLimit | undefined) => boolean {
  let current: RateLimit | undefined;
  let tokens = 0;
  let filledAtMs = 0;

  /** Takes a token; false when there is none. */
  return (limit) => {
    if (limit === undefined) return true;
    const nowMs = clock.now().monoMs;
    if (limit.burst !== current?.burst || limit.intervalMs !== current.intervalMs) {
      current = limit;
      tokens = limit.burst;
    } else tokens = Math.min(limit.burst, tokens + (nowMs - filledAtMs) / limit.intervalMs);
    filledAtMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
