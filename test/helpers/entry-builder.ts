import type { Instant } from "../../src/base/clock.ts";
import type { Entry } from "../../src/domain/entry.ts";
import type { FailureKind } from "../../src/domain/failure.ts";
import type { Plan } from "../../src/domain/plan.ts";
import type { ReasonRules } from "../../src/domain/reason.ts";
import {
  EMPTY_STATE,
  entryOf,
  type Event,
  type ExporterState,
  type PollFailed,
  type PollSucceeded,
  reduce,
} from "../../src/domain/state.ts";
import { NO_INFO, type Target, targetKey } from "../../src/domain/target.ts";

export const STALE_AFTER_MS = 600_000;

/** The defaults of the configuration's `reasons`. */
export const RULES: ReasonRules = {
  label: "full",
  maxLength: 200,
  maskNumbers: true,
  maxPerInterconnect: 20,
  classes: [],
};

/** `ms` after the start of a test, with both clocks far from 0 and from each other. */
export function instant(ms: number): Instant {
  return { unixMs: 1_800_000_000_000 + ms, monoMs: 5_000_000 + ms };
}

export function buildTarget(interconnect = "icon-ewr-01", overrides: Partial<Target> = {}): Target {
  const account = overrides.account ?? "production";
  return {
    key: targetKey(account, interconnect),
    account,
    accountId: "023e105f4ecef8ad9ca31a8372d0c353",
    interconnect,
    expectedState: "Healthy",
    labels: {},
    info: NO_INFO,
    ...overrides,
  };
}

export function buildPlan(targets: readonly Target[], overrides: Partial<Plan> = {}): Plan {
  const staleAfterMs = Object.fromEntries(targets.map(({ account }) => [account, STALE_AFTER_MS]));
  return { targets, staleAfterMs, groups: [], reasons: RULES, ...overrides };
}

export function planned(plan: Plan, at: Instant = instant(0)): Event {
  return { type: "planned", at, plan };
}

export function answer(at: Instant, word: string, reason?: string, key = buildTarget().key): PollSucceeded {
  return { type: "poll-succeeded", at, key, word, reason, cfRay: undefined };
}

export function failure(at: Instant, kind: FailureKind, key = buildTarget().key): PollFailed {
  return { type: "poll-failed", at, key, failure: { kind, message: `${kind} of a test` } };
}

export function timePassed(at: Instant): Event {
  return { type: "time-passed", at };
}

export function replay(events: readonly Event[], from: ExporterState = EMPTY_STATE): ExporterState {
  return events.reduce(reduce, from);
}

/** The only target of `buildTarget()`, after these events. */
export function entryAfter(events: readonly Event[], plan: Plan = buildPlan([buildTarget()])): Entry {
  const entry = entryOf(replay([planned(plan), ...events]), buildTarget().key);
  if (entry === undefined) throw new Error("Expected an entry");
  return entry;
}
