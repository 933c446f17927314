import { groupsByMember } from "../../domain/group.ts";
import type { ExporterState } from "../../domain/state.ts";
import type { Target } from "../../domain/target.ts";

/** Where Prometheus finds `/probe`. */
export interface ProbeAddress {
  readonly host: string;
  readonly scheme: "http" | "https";
  readonly path: string;
}

interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const META = "__meta_cloudflare_interconnect_";
const HOST = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Whether the text is a host with or without a port, and nothing that would lead a scraper elsewhere. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/**
 * What Prometheus's http_sd takes: one group with one `/probe` target per interconnect. Never a bare `account` or
 * `interconnect`, which would push those of the metrics aside.
 */
export function probeTargets(
  { plan, entries }: ExporterState,
  address: ProbeAddress,
): readonly TargetGroup[] {
  const groups = groupsByMember(plan.groups);
  return entries.map(({ target }) => ({
    targets: [address.host],
    labels: {
      __scheme__: address.scheme,
      __metrics_path__: address.path,
      __param_account: target.account,
      __param_interconnect: target.interconnect,
      instance: target.key,
      ...metaLabels(target, groups.get(target.key) ?? ""),
    },
  }));
}

function metaLabels(target: Target, group: string): Readonly<Record<string, string>> {
  const { account, accountId, interconnect, expectedState, info, labels } = target;
  const { slotId, ...facts } = info;
  const meta = Object.entries({
    account,
    account_id: accountId,
    interconnect,
    expected_state: expectedState,
    group,
    slot_id: slotId,
    ...facts,
  });
  const own = Object.entries(labels).map(([key, value]) => [`label_${key}`, value] as const);
  return Object.fromEntries([...meta, ...own].map(([name, value]) => [META + name, value]));
}
