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

/** The runbook of the alert that the circuit's state raises; undefined when it is as expected. */
export function runbookOfState({ state, target }: Entry): string | undefined {
  if (state === "Unknown") return "CloudflareInterconnectUnknown";
  if (state === target.expectedState) return undefined;
  if (state === "Down") return "CloudflareInterconnectDown";
  if (state === "Unhealthy") return "CloudflareInterconnectUnhealthy";
  return state === "Pending" ? "CloudflareInterconnectPendingTooLong" : "CloudflareInterconnectNotAsExpected";
}
