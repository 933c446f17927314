import { describe, expect, test } from "vitest";
import { type Edge, edgesBetween } from "../../src/domain/edge.ts";
import { EMPTY_STATE, type Event, reduce } from "../../src/domain/state.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  failure,
  instant,
  planned,
  replay,
  timePassed,
} from "../helpers/entry-builder.ts";

const WHO = { account: "production", interconnect: "icon-ewr-01" };

/** The edges of the last of the events. */
function edgesOfLast(...events: readonly Event[]): Edge[] {
  const last = events.at(-1);
  if (last === undefined) throw new Error("Expected an event");
  const before = replay([
    planned(buildPlan([buildTarget(), buildTarget("icon-02")])),
    ...events.slice(0, -1),
  ]);
  return edgesBetween(before, reduce(before, last), last);
}

describe("edgesBetween() on a changed state", () => {
  test.each([
    ["Healthy", "info"],
    ["Pending", "info"],
    ["Down", "warn"],
    ["Unhealthy", "warn"],
  ])("logs %s at %s, with the cleaned reason in full", (word, level) => {
    expect(edgesOfLast(answer(instant(0), word, "no\nlight on port 7"))).toEqual([
      {
        level,
        message: "Interconnect changed state",
        fields: {
          ...WHO,
          from: "Unknown",
          to: word,
          reason: "no light on port 7",
          reason_class: "no_light",
        },
      },
    ]);
  });

  test("logs that an answer has gone stale, once, and for that interconnect alone", () => {
    const other = answer(instant(600_000), "Healthy", "", "production/icon-02");
    const events = [answer(instant(0), "Down"), other, timePassed(instant(600_001))];
    expect(edgesOfLast(...events)).toMatchObject([
      {
        level: "info",
        message: "Interconnect changed state",
        fields: { ...WHO, from: "Down", to: "Unknown", reason_class: "not_polled" },
      },
    ]);
    expect(edgesOfLast(...events, timePassed(instant(600_002)))).toEqual([]);
  });

  test("logs nothing as long as all stays the same", () => {
    expect(edgesOfLast(answer(instant(0), "Down"), answer(instant(1), "Down", "another reason"))).toEqual([]);
    expect(edgesOfLast(timePassed(instant(1)))).toEqual([]);
  });
});

describe("edgesBetween() on failures", () => {
  test("warns of the first, whispers of its repeats, and warns when the kind changes", () => {
    const failures = [
      failure(instant(1), "timeout"),
      failure(instant(2), "timeout"),
      failure(instant(3), "tls"),
      failure(instant(4), "timeout"),
    ];
    const levels = failures.map((_event, index) =>
      edgesOfLast(answer(instant(0), "Healthy"), ...failures.slice(0, index + 1)).map(({ level }) => level),
    );
    expect(levels).toEqual([["warn"], ["debug"], ["warn"], ["warn"]]);
  });

  test("carries kind, message and Cloudflare's request id", () => {
    const event = failure(instant(1), "server_error");
    const withRay = { ...event, failure: { ...event.failure, cfRay: "8a1b-SYD" } };
    expect(edgesOfLast(withRay)).toEqual([
      {
        level: "warn",
        message: "Poll failed",
        fields: { ...WHO, kind: "server_error", error: "server_error of a test", cf_ray: "8a1b-SYD" },
      },
    ]);
  });

  test("logs both the change to Unknown and the failure that a poll brings", () => {
    const edges = edgesOfLast(
      answer(instant(0), "Healthy"),
      failure(instant(1), "not_found"),
      failure(instant(2), "not_found"),
    );
    expect(edges.map(({ level, message }) => [level, message])).toEqual([
      ["info", "Interconnect changed state"],
      ["debug", "Poll failed"],
    ]);
  });

  test("logs the recovery once, with what had failed", () => {
    const recovered = { ...answer(instant(2), "Healthy"), cfRay: "ray-2" };
    const events = [answer(instant(0), "Healthy"), failure(instant(1), "network"), recovered];
    expect(edgesOfLast(...events)).toEqual([
      {
        level: "info",
        message: "Poll succeeded again",
        fields: { ...WHO, after: "network", cf_ray: "ray-2" },
      },
    ]);
    expect(edgesOfLast(...events, answer(instant(3), "Healthy"))).toEqual([]);
  });
});

test("edgesBetween() warns of a word that this version does not know, once per word", () => {
  const first = answer(instant(0), "Degraded");
  expect(edgesOfLast(first)).toMatchObject([
    { level: "warn", message: "API answered an unknown state", fields: WHO },
  ]);
  expect(edgesOfLast(first)[0]?.fields["reason"]).toContain("Degraded");
  expect(edgesOfLast(first, answer(instant(1), "Degraded"))).toEqual([]);
  expect(edgesOfLast(first, answer(instant(1), "Flapping"))).toHaveLength(1);
});

test("edgesBetween() is silent on a new plan and on interconnects that are not planned", () => {
  const plan = planned(buildPlan([buildTarget()]));
  expect(edgesBetween(EMPTY_STATE, reduce(EMPTY_STATE, plan), plan)).toEqual([]);
  expect(edgesOfLast(failure(instant(0), "timeout", "production/gone"))).toEqual([]);
});

test("edgesBetween() refuses an event that it does not know", () => {
  expect(() => edgesBetween(EMPTY_STATE, EMPTY_STATE, { type: "surprise" } as never)).toThrow(TypeError);
});
