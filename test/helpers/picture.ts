import type { Instant } from "../../src/base/clock.ts";
import type { Plan } from "../../src/domain/plan.ts";
import type { Event } from "../../src/domain/state.ts";
import type { Target } from "../../src/domain/target.ts";
import type { Picture } from "../../src/http/pages/banner.ts";
import type { AccountReading } from "../../src/metrics/account-gauges.ts";
import { buildPlan, instant, planned, replay, STALE_AFTER_MS } from "./entry-builder.ts";

/** An account that is polled every minute, with nothing wrong. */
export function reading(overrides: Partial<AccountReading> = {}): AccountReading {
  return {
    account: "production",
    targets: 1,
    intervalMs: 60_000,
    configuredIntervalMs: 60_000,
    staleAfterMs: STALE_AFTER_MS,
    budget: 600,
    budgetUsed: 10,
    pausedUntilMs: 0,
    lastDiscoveryMs: undefined,
    tokenExpiryMs: undefined,
    ...overrides,
  };
}

/** What the wall shows after these events, of which the plan is the first. */
export function pictureOf(
  targets: readonly Target[],
  events: readonly Event[],
  { now = instant(5000), plan = {} }: { now?: Instant; plan?: Partial<Plan> } = {},
): Picture {
  const accounts = [...new Set(targets.map(({ account }) => account))];
  return {
    snapshot: { state: replay([planned(buildPlan(targets, plan)), ...events]), now },
    accounts: accounts.map((account) => reading({ account })),
    whyNotReady: undefined,
  };
}

/** The text that a page shows, without tags, white space folded. */
export function shownText(page: string): string {
  return page
    .replaceAll(/<(?:title|svg)[\s\S]*?<\/(?:title|svg)>/g, "")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)))
    .replaceAll(/\s+/g, " ")
    .trim();
}
