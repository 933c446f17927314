import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type History,
  NO_HISTORY,
  rememberAnswer,
  rememberChange,
  rememberFailure,
} from "../../src/domain/history.ts";
import { entryOf } from "../../src/domain/state.ts";
import {
  answer,
  entryAfter,
  failure,
  instant,
  replay,
  STALE_AFTER_MS,
  timePassed,
} from "../helpers/entry-builder.ts";
import { history as events, START, TARGETS } from "../helpers/event-history.ts";

const AT = instant(0).unixMs;

function reasonOf(text: string) {
  return { text, class: "other", label: { text: "as a label", class: "" } };
}

/** A history after the same step so many times, its moments counting up from 0. */
function repeated(times: number, step: (history: History, atUnixMs: number) => History): History {
  return Array.from({ length: times }, (_, index) => index).reduce(step, NO_HISTORY);
}

describe("history of an entry", () => {
  test("tells each change with its moment and its reason, the first answer and going stale included", () => {
    const { history } = entryAfter([
      answer(instant(1000), "Healthy"),
      answer(instant(2000), "Healthy"),
      answer(instant(3000), "Down", "no light on port 7"),
      answer(instant(4000), "Down", "loss of signal"),
      failure(instant(5000), "timeout"),
      timePassed(instant(5_000_000)),
    ]);
    expect(history.changes).toEqual([
      { atUnixMs: AT + 1000, from: "Unknown", to: "Healthy", reason: "", reasonClass: "none" },
      {
        atUnixMs: AT + 3000,
        from: "Healthy",
        to: "Down",
        reason: "no light on port 7",
        reasonClass: "no_light",
      },
      {
        atUnixMs: AT + 4000 + STALE_AFTER_MS,
        from: "Down",
        to: "Unknown",
        reason: "the API did not answer in time",
        reasonClass: "timeout",
      },
    ]);
  });

  test("tells both changes when an answer comes after the last one went stale unseen", () => {
    const { history } = entryAfter([
      answer(instant(0), "Healthy"),
      answer(instant(2 * STALE_AFTER_MS), "Healthy"),
    ]);
    expect(history.changes.map(({ atUnixMs, to }) => [atUnixMs - AT, to])).toEqual([
      [0, "Healthy"],
      [STALE_AFTER_MS, "Unknown"],
      [2 * STALE_AFTER_MS, "Healthy"],
    ]);
  });

  test("tells the last polls, answered and failed, with the words and the ids of Cloudflare", () => {
    const failed = {
      ...failure(instant(2000), "server_error"),
      failure: { kind: "server_error" as const, message: "HTTP 502", cfRay: "8a-EWR" },
    };
    const { history } = entryAfter([
      { ...answer(instant(1000), "Degraded"), cfRay: "7f-LHR" },
      failed,
      failure(instant(3000), "not_found"),
      failure(instant(4000), "not_found"),
    ]);
    const notFound = (atMs: number) => ({
      outcome: "failed",
      atUnixMs: AT + atMs,
      failure: { kind: "not_found", message: "not_found of a test" },
    });
    const failures = [
      { outcome: "failed", atUnixMs: AT + 2000, failure: failed.failure },
      notFound(3000),
      notFound(4000),
    ];
    expect(history.polls).toEqual([
      { outcome: "answered", atUnixMs: AT + 1000, word: "Degraded", cfRay: "7f-LHR" },
      ...failures,
    ]);
    expect(history.failures).toEqual(failures);
  });

  test("keeps a failure beyond the polls that came after it", () => {
    const answers = Array.from({ length: 30 }, (_, index) => answer(instant(1000 * (index + 1)), "Healthy"));
    const { history } = entryAfter([failure(instant(0), "tls"), ...answers]);
    expect(history.polls.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 10 }, () => "answered"));
    expect(history.failures.map(({ failure: { kind } }) => kind)).toEqual(["tls"]);
  });

  test("is an unbroken chain that ends with the present run, within its bounds, through any history", () => {
    fc.assert(
      fc.property(events, (any) => {
        const state = replay([START, ...any]);
        for (const { key } of TARGETS) {
          const entry = entryOf(state, key);
          const { changes = [], polls = [], failures = [] } = entry?.history ?? {};
          expect(["Unknown", ...changes.map(({ to }) => to)]).toEqual([
            ...changes.map(({ from }) => from),
            entry?.state,
          ]);
          expect(changes.at(-1)?.atUnixMs ?? entry?.since.unixMs).toBe(entry?.since.unixMs);
          expect(polls).toHaveLength(Math.min(entry?.polls ?? 0, 10));
          expect(polls.at(-1)?.outcome === "failed").toBe(entry?.failure !== undefined);
          expect(
            polls
              .filter(({ outcome }) => outcome === "failed")
              .every((poll) => failures.some((each) => each === poll)),
          ).toBe(true);
        }
      }),
    );
  });
});

describe("bounds", () => {
  test("the last 50 changes are kept, oldest first", () => {
    const { changes } = repeated(70, (history, atUnixMs) =>
      rememberChange(history, { atUnixMs, from: "Healthy", to: "Down" }, reasonOf("x")),
    );
    expect(changes.map(({ atUnixMs }) => atUnixMs)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 20),
    );
  });

  test("the last 10 failures are kept, oldest first", () => {
    const { failures, polls } = repeated(15, (history, atUnixMs) =>
      rememberFailure(history, { atUnixMs, failure: { kind: "tls", message: "x" } }),
    );
    expect(failures.map(({ atUnixMs }) => atUnixMs)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(polls).toEqual(failures);
  });

  test.each([
    ["a".repeat(300), "a".repeat(300)],
    ["a".repeat(301), `${"a".repeat(299)}…`],
    ["😀".repeat(300), "😀".repeat(300)],
    ["😀".repeat(100_000), `${"😀".repeat(299)}…`],
    [`a${"😀".repeat(400)}`, `a${"😀".repeat(298)}…`],
    ["a\ud83d", "a\ufffd"],
  ])("texts are cut at 300 code points and stay whole characters", (text, expected) => {
    const change = rememberChange(NO_HISTORY, { atUnixMs: 0, from: "Unknown", to: "Down" }, reasonOf(text));
    const answered = rememberAnswer(NO_HISTORY, { atUnixMs: 0, word: text, cfRay: undefined });
    const failed = rememberFailure(NO_HISTORY, { atUnixMs: 0, failure: { kind: "tls", message: text } });
    expect(change.changes[0]?.reason).toBe(expected);
    expect(answered.polls[0]).toMatchObject({ word: expected });
    expect(failed.failures[0]?.failure.message).toBe(expected);
  });
});
