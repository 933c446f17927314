import { describe, expect, test } from "vitest";
import { FAILURE_KINDS } from "../../src/domain/failure.ts";
import { LINK_STATES } from "../../src/domain/link-state.ts";
import { EMPTY_STATE, findEntry, reduce } from "../../src/domain/state.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  entryAfter,
  failure,
  instant,
  planned,
  replay,
  RULES,
  STALE_AFTER_MS,
  timePassed,
} from "../helpers/entry-builder.ts";

const ZERO = { Healthy: 0, Unhealthy: 0, Down: 0, Pending: 0, Unknown: 0 };

describe("reduce() on an interconnect that is new", () => {
  test("is Unknown and not polled, without last known state, counts or failures", () => {
    expect(entryAfter([])).toMatchObject({
      state: "Unknown",
      since: instant(0),
      lastKnown: undefined,
      lastSuccess: undefined,
      failure: undefined,
      polls: 0,
      failures: {},
      changes: ZERO,
      stateMs: ZERO,
      reason: { class: "not_polled", label: { class: "not_polled" } },
    });
  });

  test("stays Unknown while time passes and polls fail, and says with which failure", () => {
    const entry = entryAfter([
      timePassed(instant(1000)),
      failure(instant(2000), "timeout"),
      failure(instant(5000), "tls"),
    ]);
    expect(entry).toMatchObject({
      state: "Unknown",
      since: instant(0),
      polls: 2,
      failures: { timeout: 1, tls: 1 },
      changes: ZERO,
      stateMs: { ...ZERO, Unknown: 5000 },
      failure: { kind: "tls" },
      reason: { class: "tls", label: { class: "tls" } },
    });
  });
});

describe("reduce() on an answer", () => {
  test.each(LINK_STATES)("takes %s over; the first answer is no change", (word) => {
    expect(entryAfter([answer(instant(4000), word, "Port 7 says so")])).toMatchObject({
      state: word,
      since: instant(4000),
      lastKnown: word,
      lastSuccess: instant(4000),
      failure: undefined,
      polls: 1,
      changes: ZERO,
      stateMs: { ...ZERO, Unknown: 4000 },
      reason: { text: "Port 7 says so", class: "other", label: { text: "Port # says so", class: "other" } },
    });
  });

  test("counts a change when the state is entered, not while it lasts", () => {
    const entry = entryAfter([
      answer(instant(1000), "Healthy"),
      answer(instant(2000), "Down", "no light"),
      answer(instant(4000), "Down", "no light"),
      answer(instant(7000), "Healthy"),
    ]);
    expect(entry).toMatchObject({
      state: "Healthy",
      since: instant(7000),
      changes: { ...ZERO, Down: 1, Healthy: 1 },
      stateMs: { ...ZERO, Unknown: 1000, Healthy: 1000, Down: 5000 },
      reason: { text: "", class: "none", label: { text: "", class: "none" } },
    });
  });

  test.each(["healthy", "HEALTHY", "Unknown", "", "Degraded", "__proto__", "constructor"])(
    "with the unknown word %j is a success that leaves the state Unknown and the last known one alone",
    (word) => {
      const entry = entryAfter([answer(instant(1000), "Down"), answer(instant(2000), word, "ignored")]);
      expect(entry).toMatchObject({
        state: "Unknown",
        since: instant(2000),
        lastKnown: "Down",
        lastSuccess: instant(2000),
        failure: undefined,
        polls: 2,
        failures: {},
        changes: { ...ZERO, Unknown: 1 },
        reason: { class: "unknown_state" },
      });
      expect(entry.reason.text).toContain(JSON.stringify(word));
    },
  );

  test.each([
    [" Healthy ", '" Healthy "'],
    ["Healthy\n", String.raw`"Healthy\n"`],
    ["Healthy\u00a0", String.raw`"Healthy\u{a0}"`],
    ["\ufeffHealthy\u200b", String.raw`"\u{feff}Healthy\u{200b}"`],
    ['He"althy', String.raw`"He\"althy"`],
    ["\ud800", String.raw`"\ud800"`],
    [`${"x".repeat(60)}y`, `"${"x".repeat(60)}"…`],
  ])("says the unknown word as it came: %j", (word, said) => {
    expect(entryAfter([answer(instant(0), word)]).reason.text).toBe(
      `the API answered a state that this version does not know: ${said}`,
    );
  });

  test("clears the failure of the polls before", () => {
    const entry = entryAfter([failure(instant(1000), "network"), answer(instant(2000), "Pending")]);
    expect(entry).toMatchObject({ state: "Pending", failure: undefined, failures: { network: 1 }, polls: 2 });
  });
});

describe("reduce() on a failed poll", () => {
  const others = FAILURE_KINDS.filter((kind) => kind !== "not_found");

  test.each(others)("of kind %s changes neither state nor reason before stale_after", (kind) => {
    const events = [1, 2, 3].map((count) => failure(instant(count * 60_000), kind));
    expect(entryAfter([answer(instant(0), "Healthy", "all well"), ...events])).toMatchObject({
      state: "Healthy",
      since: instant(0),
      lastKnown: "Healthy",
      lastSuccess: instant(0),
      reason: { text: "all well" },
      failure: { kind },
      failures: { [kind]: 3 },
      polls: 4,
      stateMs: { ...ZERO, Healthy: 180_000 },
    });
  });

  test("keeps the explanation of an unknown word as long as that answer is fresh, then gives its own", () => {
    const events = [answer(instant(0), "Degraded"), failure(instant(STALE_AFTER_MS), "timeout")];
    expect(entryAfter(events).reason.class).toBe("unknown_state");
    expect(entryAfter([...events, failure(instant(STALE_AFTER_MS + 1), "timeout")]).reason.class).toBe(
      "timeout",
    );
  });

  test("does not believe the first 404, believes the second in a row", () => {
    const first = [answer(instant(0), "Down", "no light"), failure(instant(60_000), "not_found")];
    expect(entryAfter(first)).toMatchObject({
      state: "Down",
      reason: { text: "no light" },
      notFoundInARow: 1,
    });
    expect(entryAfter([...first, failure(instant(75_000), "not_found")])).toMatchObject({
      state: "Unknown",
      since: instant(75_000),
      lastKnown: "Down",
      reason: { class: "not_found", label: { class: "not_found" } },
      changes: { ...ZERO, Unknown: 1 },
      failures: { not_found: 2 },
      stateMs: { ...ZERO, Down: 75_000 },
    });
  });

  test.each([failure(instant(70_000), "timeout"), answer(instant(70_000), "Down")])(
    "begins to count 404s anew after $type",
    (between) => {
      const entry = entryAfter([
        answer(instant(0), "Down"),
        failure(instant(60_000), "not_found"),
        between,
        failure(instant(80_000), "not_found"),
      ]);
      expect(entry).toMatchObject({ state: "Down", notFoundInARow: 1 });
    },
  );

  test("of another kind after two 404s leaves the state Unknown until an answer comes", () => {
    const gone = [
      answer(instant(0), "Down"),
      failure(instant(1000), "not_found"),
      failure(instant(2000), "not_found"),
      failure(instant(3000), "timeout"),
    ];
    expect(entryAfter(gone)).toMatchObject({
      state: "Unknown",
      since: instant(2000),
      reason: { class: "not_found" },
    });
    expect(entryAfter([...gone, answer(instant(4000), "Down")])).toMatchObject({
      state: "Down",
      since: instant(4000),
      changes: { ...ZERO, Unknown: 1, Down: 1 },
    });
  });
});

test("reduce() holds distinct reason labels under the cap, per interconnect and UTC day, then says other", () => {
  const plan = buildPlan([buildTarget()], { reasons: { ...RULES, maxPerInterconnect: 2 } });
  const midnightMs = Math.ceil(instant(0).unixMs / 86_400_000) * 86_400_000 - instant(0).unixMs;
  const labelsAfter = (...texts: readonly string[]): string =>
    entryAfter(
      texts.map((text, index) => answer(instant(midnightMs + index), "Down", text)),
      plan,
    ).reason.label.text;
  expect(labelsAfter("red", "green")).toBe("green");
  expect(labelsAfter("red", "green", "blue, no light")).toBe("other");
  expect(labelsAfter("red", "green", "blue", "red")).toBe("red");
  expect(labelsAfter("red", "", "", "green")).toBe("green");

  const before = ["red", "green", "no light"].map((text, index) =>
    answer(instant(midnightMs - 10 + index), "Down", text),
  );
  const capped = entryAfter(before, plan).reason;
  expect(capped).toEqual({
    text: "no light",
    class: "no_light",
    label: { text: "other", class: "no_light" },
  });
  const nextDay = entryAfter([...before, answer(instant(midnightMs), "Down", "no light")], plan);
  expect(nextDay.reason.label.text).toBe("no light");
});

test.each([
  ["full", { text: "no light", class: "no_light" }],
  ["class", { text: "", class: "no_light" }],
  ["off", { text: "", class: "" }],
] as const)(
  "reduce() writes of a reason what the rule %s allows, and keeps the text for people",
  (label, expected) => {
    const plan = buildPlan([buildTarget()], { reasons: { ...RULES, label } });
    const { reason } = entryAfter([answer(instant(0), "Down", " no\u0000\n light ")], plan);
    expect(reason).toEqual({ text: "no light", class: "no_light", label: expected });
  },
);

test("reduce() refuses an event that it does not know", () => {
  expect(() => reduce(EMPTY_STATE, { type: "surprise" } as never)).toThrow(TypeError);
});

test("findEntry() finds by account and name, and takes no part of a name for an account", () => {
  const state = replay([planned(buildPlan([buildTarget("cage/icon-01"), buildTarget("icon-01")]))]);
  expect(findEntry(state, "production", "cage/icon-01")).toBe(state.entries.all[0]);
  expect(findEntry(state, "production", "icon-01")).toBe(state.entries.all[1]);
  expect(findEntry(state, "production/cage", "icon-01")).toBeUndefined();
  expect(findEntry(state, "production", "icon-02")).toBeUndefined();
  expect(findEntry(state, "__proto__", "constructor")).toBeUndefined();
});
