import type { Entry } from "../../domain/entry.ts";
import type { Target } from "../../domain/target.ts";
import type { Site } from "../site.ts";
import { NO_FILTER, queryText, type WallFilter } from "./filter.ts";

type Prefix = Pick<Site, "linkPrefix">;

/** The page of a circuit. */
export function circuitLink({ linkPrefix }: Prefix, { account, interconnect }: Target): string {
  return `${linkPrefix}/interconnects/${encodeURIComponent(account)}/${encodeURIComponent(interconnect)}`;
}

/** The wall with this filter alone. */
export function wallLink({ linkPrefix }: Prefix, filter: Partial<WallFilter>): string {
  return `${linkPrefix}/${queryText({ filter: { ...NO_FILTER, ...filter }, page: 1, tv: false })}`;
}

export function runbookLink({ linkPrefix }: Prefix, name: string): string {
  return `${linkPrefix}/runbooks/${encodeURIComponent(name)}`;
}

/** While Unknown the class of the reason says what keeps us from knowing; by default that answers are too old. */
const RUNBOOKS_OF_UNKNOWN: ReadonlyMap<string, string> = new Map([
  ["unknown_state", "CloudflareInterconnectUnknown"],
  ["not_found", "CloudflareInterconnectUnknown"],
  ["unauthorized", "CloudflareInterconnectAuthFailing"],
  ["forbidden", "CloudflareInterconnectAuthFailing"],
  ["rate_limited", "CloudflareInterconnectRateLimited"],
  ["throttled", "CloudflareInterconnectBudgetStretched"],
]);

/** The runbook of the alert that the circuit's state raises; undefined when it is as expected. */
export function runbookOfState({ state, target, reason }: Entry): string | undefined {
  if (state === "Unknown") return RUNBOOKS_OF_UNKNOWN.get(reason.class) ?? "CloudflareInterconnectDataStale";
  if (state === target.expectedState) return undefined;
  if (state === "Down") return "CloudflareInterconnectDown";
  if (state === "Unhealthy") return "CloudflareInterconnectUnhealthy";
  return state === "Pending" ? "CloudflareInterconnectPendingTooLong" : "CloudflareInterconnectNotAsExpected";
}
