import { formatDuration } from "../base/duration.ts";
import type { Path } from "../document/path.ts";
import type { Config } from "./config.ts";
import { deepFreeze } from "./freeze.ts";
import type { Settings } from "./schema.ts";

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_STALE_AFTER_MS = 600_000;

export interface Resolved {
  readonly config: Config;
  readonly warnings: readonly { readonly path: Path; readonly message: string }[];
}

/** Fills in the defaults that depend on other values, and freezes the whole. */
export function resolveConfig({ poll, api, accounts, reasons }: Settings): Resolved {
  const { interval: intervalMs, retries, concurrency } = poll;
  const leastMs = 2 * intervalMs;
  const askedMs = poll.stale_after ?? Math.max(DEFAULT_STALE_AFTER_MS, 3 * intervalMs);
  const message = `${formatDuration(askedMs)} is under 2 x poll.interval and counts as ${formatDuration(leastMs)}`;
  const config: Config = {
    poll: {
      intervalMs,
      timeoutMs: poll.timeout ?? Math.min(DEFAULT_TIMEOUT_MS, intervalMs),
      retries,
      concurrency,
      staleAfterMs: Math.max(askedMs, leastMs),
    },
    api: { baseUrl: api.base_url },
    accounts,
    reasons,
  };
  return {
    config: deepFreeze(config),
    warnings: askedMs < leastMs ? [{ path: ["poll", "stale_after"], message }] : [],
  };
}
