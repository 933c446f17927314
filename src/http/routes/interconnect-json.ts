import type { Instant } from "../../base/clock.ts";
import type { Entry } from "../../domain/entry.ts";
import type { Failure } from "../../domain/failure.ts";
import type { History, PollRecord, StateChange } from "../../domain/history.ts";

/**
 * One interconnect as `docs/http.md` describes it. Times are RFC 3339 in UTC; ages are in seconds, by the clock that
 * does not jump; `null` where there is none. `group`: the group it is in.
 */
export function interconnectJson(entry: Entry, group: string | undefined, now: Instant) {
  const { target, since, lastSuccess, failure, reason } = entry;
  const { slotId, ...info } = target.info;
  return {
    account: target.account,
    account_id: target.accountId,
    interconnect: target.interconnect,
    state: entry.state,
    last_known_state: entry.lastKnown ?? null,
    expected_state: target.expectedState,
    reason: reason.text,
    reason_class: reason.class,
    since: timeOf(since.unixMs),
    last_success: lastSuccess === undefined ? null : timeOf(lastSuccess.unixMs),
    age_seconds: lastSuccess === undefined ? null : Math.max(0, now.monoMs - lastSuccess.monoMs) / 1000,
    failure: failure === undefined ? null : failureJson(failure),
    info: { ...info, slot_id: slotId },
    labels: target.labels,
    groups: group === undefined ? [] : [group],
  };
}

/** The history of one interconnect, each list newest first. */
export function historyJson({ changes, polls, failures }: History) {
  return {
    changes: changes.map(changeJson).toReversed(),
    polls: polls.map(pollJson).toReversed(),
    failures: failures.map(pollJson).toReversed(),
  };
}

function changeJson({ atUnixMs, from, to, reason, reasonClass }: StateChange) {
  return { at: timeOf(atUnixMs), from, to, reason, reason_class: reasonClass };
}

/** The same keys for an answer and a failure, so that a table of them has columns. */
function pollJson(poll: PollRecord) {
  const { atUnixMs, durationMs } = poll;
  const ended = {
    at: timeOf(atUnixMs),
    duration_seconds: durationMs === undefined ? null : durationMs / 1000,
  };
  return poll.outcome === "answered"
    ? { ...ended, success: true, state: poll.word, kind: null, message: null, cf_ray: poll.cfRay ?? null }
    : { ...ended, success: false, state: null, ...failureJson(poll.failure) };
}

function failureJson({ kind, message, cfRay }: Failure) {
  return { kind, message, cf_ray: cfRay ?? null };
}

/** RFC 3339 in UTC, to the millisecond. */
export function timeOf(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
