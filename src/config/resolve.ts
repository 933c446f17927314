import { formatDuration } from "../base/duration.ts";
import { staleAfterMs } from "../domain/stale-after.ts";
import type { Path } from "../document/path.ts";
import type { Config, PollConfig } from "./config.ts";
import { deepFreeze } from "./freeze.ts";
import type { Settings } from "./schema.ts";

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_ATTENTION_INTERVAL_MS = 15_000;
/** What Cloudflare allows a user or token in 5 minutes, all that they do taken together. */
const CLOUDFLARE_LIMIT_REQUESTS = 1200;

interface Warning {
  readonly path: Path;
  readonly message: string;
}

export interface Resolved {
  readonly config: Config;
  readonly warnings: readonly Warning[];
}

/** Fills in the defaults that depend on other values, and freezes the whole. */
export function resolveConfig(settings: Settings): Resolved {
  const { api, accounts, groups, reasons } = settings;
  const poll = resolvePoll(settings.poll);
  const config: Config = {
    poll,
    api: {
      baseUrl: api.base_url,
      budgetRequests: api.budget,
      caFile: api.ca_file?.path,
      ca: api.ca_file?.certificates,
      proxyUrl: api.proxy_url,
    },
    accounts,
    groups,
    reasons,
  };
  return { config: deepFreeze(config), warnings: warningsOf(settings, poll) };
}

function resolvePoll(poll: Settings["poll"]): PollConfig {
  const { interval: intervalMs, retries, concurrency } = poll;
  return {
    intervalMs,
    attentionIntervalMs: Math.min(poll.attention_interval ?? DEFAULT_ATTENTION_INTERVAL_MS, intervalMs),
    timeoutMs: poll.timeout ?? Math.min(DEFAULT_TIMEOUT_MS, intervalMs),
    retries,
    concurrency,
    staleAfterConfiguredMs: poll.stale_after,
    staleAfterMs: staleAfterMs(poll.stale_after, intervalMs),
  };
}

/** What was written and does not count as written, or is unwise. */
function warningsOf({ poll, api }: Settings, inEffect: PollConfig): readonly Warning[] {
  const warnings: Warning[] = [];
  const { attention_interval: attention, stale_after: staleAfter } = poll;
  if (attention !== undefined && attention > inEffect.attentionIntervalMs) {
    const message = `${formatDuration(attention)} is over poll.interval and counts as ${formatDuration(inEffect.attentionIntervalMs)}`;
    warnings.push({ path: ["poll", "attention_interval"], message });
  }
  if (staleAfter !== undefined && staleAfter < inEffect.staleAfterMs) {
    const message = `${formatDuration(staleAfter)} is under 2 x poll.interval and counts as ${formatDuration(inEffect.staleAfterMs)}`;
    warnings.push({ path: ["poll", "stale_after"], message });
  }
  if (api.budget > CLOUDFLARE_LIMIT_REQUESTS) {
    const message = `${api.budget} is over the ${CLOUDFLARE_LIMIT_REQUESTS} requests in 5 minutes that Cloudflare allows unless agreed otherwise; beyond its limit it refuses everything for 5 minutes, the dashboards of the same user too`;
    warnings.push({ path: ["api", "budget"], message });
  }
  return warnings;
}
