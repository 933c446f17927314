import { formatDuration } from "../base/duration.ts";
import { writeDocument } from "../document/write.ts";
import type { AccountConfig, Config, Credential, PollConfig, SecretSource } from "./config.ts";

/**
 * The configuration in effect as the text of a config file: defaults filled in, paths absolute, secrets as `<secret>`.
 * With the secrets put back it loads again, to the same effect.
 */
export function renderConfig(config: Config): string {
  const { poll, api, accounts, groups, reasons } = config;
  return writeDocument(
    {
      poll: pollKeys(poll),
      api: {
        base_url: api.baseUrl,
        budget: api.budgetRequests,
        ca_file: api.caFile ?? "",
        proxy_url: String(api.proxyUrl ?? ""),
      },
      accounts: accounts.map(accountKeys),
      groups: groups.map(({ name, members, minHealthy }) => ({ name, members, min_healthy: minHealthy })),
      reasons: {
        label: reasons.label,
        max_length: reasons.maxLength,
        mask_numbers: reasons.maskNumbers,
        max_per_interconnect: reasons.maxPerInterconnect,
        classes: reasons.classes.map(({ name, match }) => ({ name, match: patternOf(match) })),
      },
    },
    commentOf(poll),
  );
}

/** `stale_after` has no one value while it is left to grow with the interval in effect, so it is told as a comment then. */
function commentOf({ staleAfterConfiguredMs, staleAfterMs }: PollConfig): string {
  const lines = [" The configuration in effect, with its defaults; secrets are not shown."];
  if (staleAfterConfiguredMs === undefined) {
    const stale = formatDuration(staleAfterMs);
    lines.push(
      ` poll.stale_after is not set: it is ${stale}, or 3 x the interval in effect where that is longer.`,
    );
  }
  return lines.join("\n");
}

function pollKeys(poll: PollConfig) {
  const { staleAfterConfiguredMs, staleAfterMs } = poll;
  return {
    interval: formatDuration(poll.intervalMs),
    attention_interval: formatDuration(poll.attentionIntervalMs),
    timeout: formatDuration(poll.timeoutMs),
    retries: poll.retries,
    concurrency: poll.concurrency,
    ...(staleAfterConfiguredMs === undefined ? {} : { stale_after: formatDuration(staleAfterMs) }),
  };
}

function accountKeys({ name, accountId, credential, interconnects, discovery }: AccountConfig) {
  return {
    name,
    account_id: accountId,
    ...credentialKeys(credential),
    interconnects: interconnects.map((interconnect) => ({
      name: interconnect.name,
      expected_state: interconnect.expectedState,
      labels: interconnect.labels,
    })),
    discovery: {
      enabled: discovery.enabled,
      interval: formatDuration(discovery.intervalMs),
      include: discovery.include,
      exclude: discovery.exclude,
    },
  };
}

function credentialKeys(credential: Credential) {
  return credential.scheme === "token"
    ? secretKey("api_token", credential.token)
    : { api_email: credential.email, ...secretKey("api_key", credential.key) };
}

function secretKey(key: string, source: SecretSource) {
  return source.from === "file" ? { [`${key}_file`]: source.path } : { [key]: String(source.value) };
}

/** The pattern without the backslashes that a RegExp puts before its slashes, which made it longer than it was written. */
function patternOf({ source }: RegExp): string {
  return source.replaceAll(/\\./gsu, (pair) => (pair === String.raw`\/` ? "/" : pair));
}
