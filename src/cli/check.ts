import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";
import { formatDuration } from "../base/duration.ts";
import { type AccountConfig, type Config, credentialKey } from "../config/config.ts";
import { listCallsOf } from "../daemon/rhythms.ts";
import { adviceOnStretch, intervalInEffect, requestsPerWindow } from "../domain/rhythm.ts";
import { ALONE, type Replica, shareOf } from "../domain/replica.ts";
import type { CommandContext } from "./command.ts";
import { readConfig } from "./read-config.ts";
import { readWebConfig } from "./read-web-config.ts";

/** `check`: every problem of the configuration, or the polls that it leads to and what they cost. */
export async function check(context: CommandContext): Promise<number> {
  const config = await readConfig(context);
  const webConfig = await readWebConfig(context);
  if (config === undefined || webConfig === undefined) return 1;
  context.print(describeCost(config, context.args.replica));
  return 0;
}

/** What each credential is asked for in 5 minutes, against the budget and Cloudflare's limit. */
export function describeCost(config: Config, replica = ALONE): string {
  const byCredential = Map.groupBy(config.accounts, ({ credential }) => credentialKey(credential));
  return `The configuration is valid\n${[...byCredential.values()].map((accounts) => describeCredential(accounts, config, replica)).join("")}`;
}

function describeCredential(
  accounts: readonly AccountConfig[],
  { poll, api }: Config,
  { count }: Replica,
): string {
  const targets = accounts.reduce((sum, { interconnects }) => sum + interconnects.length, 0);
  const demand = { targets, listCalls: listCallsOf(accounts), budget: shareOf(api.budgetRequests, count) };
  const { budget } = demand;
  const safeMs = intervalInEffect(demand, 1000);
  const inEffectMs = intervalInEffect(demand, poll.intervalMs);
  const polls = requestsPerWindow({ targets, listCalls: 0 }, poll.intervalMs);
  const planned = polls + demand.listCalls;
  const names = accounts.map(({ name }) => name).join(", ");
  const discovered = accounts.some(({ discovery }) => discovery.enabled);
  const stretched =
    inEffectMs === poll.intervalMs
      ? ""
      : `, stretched from ${formatDuration(poll.intervalMs)} to hold the budget`;
  const found = discovered ? " listed, and those that discovery finds, which are not counted here" : "";
  const rows = [
    ["interconnects", `${targets}${found}`],
    ["polls in 5 minutes", `${Math.ceil(polls)}`],
    ["list calls in 5 minutes", `${Math.ceil(demand.listCalls)}`],
    count === 1
      ? [`of the budget of ${budget}`, percent(planned, budget)]
      : [
          `of the part of ${budget}`,
          `${percent(planned, budget)}, 1/${count} of the budget of ${api.budgetRequests}`,
        ],
    [
      `of Cloudflare's ${CLOUDFLARE_LIMIT.requests}`,
      `${percent(count * planned, CLOUDFLARE_LIMIT.requests)}${count === 1 ? "" : `, all ${count} replicas`}, shared with people's dashboards`,
    ],
    ["shortest safe interval", formatDuration(safeMs)],
    ["interval in effect", `${formatDuration(inEffectMs)}${stretched}`],
  ];
  const advice = adviceOnStretch(inEffectMs, poll.intervalMs, poll.staleAfterConfiguredMs);
  if (advice !== undefined) rows.push(["warning", advice]);
  const lines = rows.map(([name = "", value]) => `  ${`${name}:`.padEnd(26)}${value}\n`);
  return `Credential of ${names}\n${lines.join("")}`;
}

function percent(part: number, whole: number): string {
  return `${Math.ceil((part / whole) * 100)} %`;
}
