import { describe, expect, test } from "vitest";
import { createEdges, type Edge } from "../../src/domain/edge.ts";
import type { Instant } from "../../src/base/clock.ts";
import { EMPTY_STATE, type Event, reduce } from "../../src/domain/state.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  failure,
  instant,
  planned,
  replay,
  RULES,
  timePassed,
} from "../helpers/entry-builder.ts";

const WHO = { account: "production", interconnect: "icon-ewr-01" };

const SECOND = "production/icon-02";

/** The edges of each of the events; the first of two interconnects has had its first answer before, the second not. */
function edgesOf(events: readonly Event[]): Edge[][] {
  const edgesBetween = createEdges(String);
  let state = replay([
    planned(buildPlan([buildTarget(), buildTarget("icon-02")])),
    answer(instant(-1), "Pending"),
  ]);
  return events.map((event) => {
    const before = state;
    state = reduce(before, event);
    return edgesBetween(before, state, event).filter(({ message }) => !message.startsWith("First round"));
  });
}

function edgesOfLast(...events: readonly Event[]): Edge[] {
  return edgesOf(events).at(-1) ?? [];
}

const levelsOf = (edges: readonly Edge[]): unknown[] => edges.map(({ level, message }) => [level, message]);

const healthy = (at: Instant, key: string): Event => answer(at, "Healthy", undefined, key);
const refused = (at: Instant, key: string): Event => failure(at, "unauthorized", key);

/** An estate of 500 interconnects in two accounts of one credential, which have all been Healthy. */
const ESTATE = Array.from({ length: 500 }, (_, index) =>
  buildTarget(`icon-${index}`, { account: index % 2 === 0 ? "east" : "west" }),
);

/** The lines at info and above that the log gets when all of the estate has these rounds of events, a minute apart. */
function linesOfEstate(...rounds: readonly ((at: Instant, key: string) => Event)[]): Edge[] {
  const edgesBetween = createEdges(() => "the credential");
  let state = replay([planned(buildPlan(ESTATE))]);
  return rounds.flatMap((round, minute) =>
    ESTATE.flatMap(({ key }, index) => {
      const before = state;
      const event = round(instant(minute * 60_000 + index), key);
      state = reduce(before, event);
      return edgesBetween(before, state, event).filter(({ level }) => level !== "debug");
    }),
  );
}

describe("createEdges() on a changed state", () => {
  test.each([
    ["Healthy", "info"],
    ["Down", "warn"],
    ["Unhealthy", "warn"],
  ])("logs %s at %s, with the cleaned reason in full", (word, level) => {
    expect(edgesOfLast(answer(instant(0), word, "no\nlight on port 7"))).toEqual([
      {
        level,
        message: "Interconnect changed state",
        fields: {
          ...WHO,
          from: "Pending",
          to: word,
          reason: "no light on port 7",
          reason_class: "no_light",
        },
      },
    ]);
  });

  test("logs that an answer has gone stale, once, and for that interconnect alone", () => {
    const other = answer(instant(600_000), "Healthy", "", SECOND);
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

describe("createEdges() on failures", () => {
  test("warns of the first, and whispers of its repeats and of a change of kind within one outage", () => {
    const failures = [
      failure(instant(1), "timeout"),
      failure(instant(2), "timeout"),
      failure(instant(3), "tls"),
      failure(instant(4), "invalid_response"),
      failure(instant(5), "timeout"),
      failure(instant(6), "invalid_response"),
    ];
    const levels = failures.map((_event, index) =>
      edgesOfLast(answer(instant(0), "Healthy"), ...failures.slice(0, index + 1)).map(({ level }) => level),
    );
    expect(levels).toEqual([["warn"], ["debug"], ["debug"], ["warn"], ["debug"], ["debug"]]);
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
    expect(levelsOf(edges)).toEqual([
      ["debug", "Poll failed"],
      ["info", "Interconnect changed state"],
    ]);
  });

  test("logs the recovery once, with what had failed", () => {
    const recovered = { ...answer(instant(2), "Healthy"), cfRay: "ray-2" };
    const events = [answer(instant(0), "Healthy"), failure(instant(1), "network"), recovered];
    expect(edgesOfLast(...events)).toEqual([
      {
        level: "info",
        message: "Poll succeeded again",
        fields: { ...WHO, after: "network", seconds: 0, interconnects: 1, cf_ray: "ray-2" },
      },
    ]);
    expect(edgesOfLast(...events, answer(instant(3), "Healthy"))).toEqual([]);
  });
});

describe("createEdges() on what is wrong with a credential", () => {
  test.each([
    "unauthorized",
    "forbidden",
    "rate_limited",
    "throttled",
    "network",
    "invalid_response",
  ] as const)("tells 500 interconnects' %s in one line, and their recovery in one", (kind) => {
    const lines = linesOfEstate(healthy, (at, key) => failure(at, kind, key), healthy);
    expect(lines.slice(1).map(({ message, fields }) => [message, fields["interconnects"]])).toEqual([
      ["Poll failed", undefined],
      ["Poll succeeded again", 500],
    ]);
  });

  test("tells in one line each that their states are lost and that they are back as they were", () => {
    const lost = (at: Instant, key: string): Event => refused({ ...at, monoMs: at.monoMs + 700_000 }, key);
    const back = (at: Instant, key: string): Event => healthy({ ...at, monoMs: at.monoMs + 700_000 }, key);
    expect(levelsOf(linesOfEstate(healthy, refused, lost, back)).slice(1)).toEqual([
      ["warn", "Poll failed"],
      ["info", "Interconnect changed state"],
      ["info", "Poll succeeded again"],
    ]);
  });

  test("is not told again when kinds and causes alternate until a poll succeeds", () => {
    const kinds = [
      "timeout",
      "server_error",
      "invalid_response",
      "network",
      "unauthorized",
      "timeout",
    ] as const;
    const rounds = kinds.map((kind) => (at: Instant, key: string) => failure(at, kind, key));
    const lines = linesOfEstate(healthy, ...rounds, healthy).slice(1);
    expect(lines.map(({ message, fields }) => [message, fields["kind"] ?? fields["after"]])).toEqual([
      ["Poll failed", "timeout"],
      ["Poll failed", "invalid_response"],
      ["Poll failed", "unauthorized"],
      // The last of the kinds is over with the last interconnect, the others with the first.
      ["Poll succeeded again", "unauthorized, invalid_response"],
      ["Poll succeeded again", "timeout"],
    ]);
  });

  test("is told of another credential too", () => {
    const edgesBetween = createEdges((account) => (account === "lab" ? "another" : "one"));
    const targets = [
      buildTarget("a"),
      buildTarget("b", { account: "lab" }),
      buildTarget("c", { account: "prod" }),
    ];
    const state = replay([planned(buildPlan(targets))]);
    const events = targets.map(({ key }) => failure(instant(0), "forbidden", key));
    const edges = events.flatMap((event) => edgesBetween(state, reduce(state, event), event));
    expect(edges.map(({ level, fields }) => [level, fields["interconnect"]])).toEqual([
      ["warn", "a"],
      ["warn", "b"],
      ["debug", "c"],
    ]);
  });

  test("is over for one that was taken out of the plan, and not for one that stays", () => {
    const fewer = planned(buildPlan([buildTarget()]));
    const gone = [failure(instant(0), "tls", SECOND), fewer, failure(instant(1), "tls")];
    expect(edgesOf(gone).map(levelsOf)).toEqual([[["warn", "Poll failed"]], [], [["warn", "Poll failed"]]]);
    const stays = [failure(instant(0), "tls"), fewer, failure(instant(1), "tls")];
    expect(edgesOf(stays).map(levelsOf)).toEqual([[["warn", "Poll failed"]], [], [["debug", "Poll failed"]]]);
  });
});

test("createEdges() tells each 404, since it is about one interconnect", () => {
  const events = [
    failure(instant(0), "not_found"),
    failure(instant(1), "not_found", SECOND),
    failure(instant(2), "not_found"),
    answer(instant(3), "Pending"),
  ];
  expect(
    edgesOf(events)
      .map((edges) => edges.filter(({ message }) => message.startsWith("Poll")))
      .map(levelsOf),
  ).toEqual([
    [["warn", "Poll failed"]],
    [["warn", "Poll failed"]],
    [["debug", "Poll failed"]],
    [["info", "Poll succeeded again"]],
  ]);
});

test("createEdges() sums up the first round, with a line only for those that are not as expected", () => {
  const lines = linesOfEstate(
    (at, key) => {
      if (key === "west/icon-7") return answer(at, "Down", "no light", key);
      return key === "east/icon-8" ? failure(at, "not_found", key) : answer(at, "Healthy", undefined, key);
    },
    (at, key) => answer(at, "Healthy", undefined, key),
  );
  expect(lines.slice(0, 3).map(({ message, fields }) => [message, fields["interconnect"]])).toEqual([
    ["Interconnect changed state", "icon-7"],
    ["Poll failed", "icon-8"],
    ["First round of polls finished", undefined],
  ]);
  expect(lines[2]?.fields).toEqual({
    interconnects: 500,
    failed: 1,
    Healthy: 498,
    Unhealthy: 0,
    Down: 1,
    Pending: 0,
    Unknown: 1,
  });
  expect(lines.slice(3).map(({ message }) => message)).toEqual([
    "Interconnect changed state",
    "Poll succeeded again",
  ]);
});

test("createEdges() warns of a word that this version does not know, once per word", () => {
  const first = answer(instant(0), "Degraded");
  const [lost, warning] = edgesOfLast(first);
  expect(lost).toMatchObject({ level: "info", message: "Interconnect changed state" });
  expect(warning).toMatchObject({ level: "warn", message: "API answered an unknown state", fields: WHO });
  expect(warning?.fields["reason"]).toContain("Degraded");
  expect(edgesOfLast(first, answer(instant(1), "Degraded"))).toEqual([]);
  expect(edgesOfLast(first, answer(instant(1), "Flapping"))).toHaveLength(1);
});

test("createEdges() says once that a pattern is out of use, and which", () => {
  const match = { source: "x", test: () => false, isOut: false };
  const classes = [
    { name: "fine", match: /fine/ },
    { name: "mine", match },
  ];
  const plan = planned(buildPlan([buildTarget()], { reasons: { ...RULES, classes } }));
  const edgesBetween = createEdges(String);
  const warnings = (event: Event): Edge[] => {
    const state = replay([plan, event]);
    return edgesBetween(replay([plan]), state, event).filter(({ message }) => message.includes("pattern"));
  };
  expect(warnings(answer(instant(0), "Down", "text"))).toEqual([]);
  match.isOut = true;
  expect(warnings(answer(instant(1), "Down", "text"))).toEqual([
    {
      level: "warn",
      message: "A pattern takes too long and is out of use: rewrite it, then reload",
      fields: { pattern: "reasons.classes[1].match", class: "mine" },
    },
  ]);
  expect(warnings(answer(instant(2), "Down", "text"))).toEqual([]);
});

test("createEdges() is silent on a new plan and on interconnects that are not planned", () => {
  const plan = planned(buildPlan([buildTarget()]));
  expect(createEdges(String)(EMPTY_STATE, reduce(EMPTY_STATE, plan), plan)).toEqual([]);
  expect(edgesOfLast(failure(instant(0), "timeout", "production/gone"))).toEqual([]);
});

test("createEdges() refuses an event that it does not know", () => {
  expect(() => createEdges(String)(EMPTY_STATE, EMPTY_STATE, { type: "surprise" } as never)).toThrow(
    TypeError,
  );
});

test.each([
  [
    { type: "clock-set", at: instant(0), byMs: -5000, startUnixMs: 0 } as const,
    ["info", "The wall clock was set: times of before move along", -5],
  ],
  [
    { type: "stood-still", at: instant(0), byMs: 60_000, startUnixMs: 0 } as const,
    ["warn", "The machine stood still or its clock was set ahead: every interconnect is polled again", 60],
  ],
])("createEdges() tells of a clock in one line: $type", (event, [level, message, seconds]) => {
  expect(edgesOfLast(event)).toEqual([{ level, message, fields: { seconds } }]);
});
