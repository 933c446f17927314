import { describe, expect, test } from "vitest";
import { rememberedOf } from "../../src/domain/entry.ts";
import { instantOf } from "../../src/storage/saved-lines.ts";
import { decodeSavedState, encodeSavedState, SavedStateError } from "../../src/storage/saved-state.ts";
import { answer, entryAfter, failure, instant } from "../helpers/entry-builder.ts";

const entry = entryAfter([
  { ...answer(instant(1000), "Down", "no light"), cfRay: "8a1b2c3d4e5f6789-SYD" },
  answer(instant(2000), "Healthy"),
  failure(instant(3000), "timeout"),
  {
    ...failure(instant(4000), "forbidden"),
    failure: { kind: "forbidden", message: "refused", cfRay: "8a1b2c3d4e5f6789-SYD" },
  },
]);
const { key } = entry.target;
const remembered = rememberedOf(entry);
const LINES = [
  ...encodeSavedState({
    writtenMs: 0,
    clean: true,
    budget: 600,
    interconnects: remembered === undefined ? [] : [[key, remembered]],
    listings: new Map(),
    usages: new Map(),
    credentials: new Map(),
  }),
];
const asWritten = () => JSON.parse(LINES[1] ?? "").history;

/** The history of a file with this one in it. */
function read(history: unknown) {
  const [header, line, end] = LINES;
  const text = [header, JSON.stringify({ ...JSON.parse(line ?? ""), history }), end].join("\n");
  return decodeSavedState(text, instant(5000)).interconnects.get(key)?.history;
}

/** The history as written, with one value in it replaced. */
function spoilt(list: string, index: number, field: string, value: unknown): unknown {
  const copy = asWritten();
  copy[list][index][field] = value;
  return copy;
}

describe("instantOf()", () => {
  test("is the same moment on both clocks, and now for one in the future", () => {
    const now = instant(0);
    expect(instantOf(instant(-5).unixMs, now)).toEqual(instant(-5));
    expect(instantOf(instant(5).unixMs, now)).toEqual(now);
  });
});

describe("a saved history", () => {
  test("is read as it was written", () => {
    expect(entry.history.changes.map(({ to }) => to)).toEqual(["Down", "Healthy"]);
    expect(read(asWritten())).toEqual(entry.history);
  });

  test("has the duration of each poll, and is read from a file of before it had", () => {
    expect(read(spoilt("polls", 0, "durationMs", 12))?.polls[0]).toMatchObject({ durationMs: 12 });
    expect(read(spoilt("failures", 0, "durationMs", 12))?.failures[0]).toMatchObject({ durationMs: 12 });
    expect(JSON.stringify(asWritten())).not.toContain("durationMs");
  });

  test("may hold more than this version knows", () => {
    expect(read(spoilt("polls", 0, "ofALaterVersion", 12))).toEqual(entry.history);
  });

  test.each([
    ["no object", null, ": expected a history of changes and polls"],
    ["a list", [], ": expected a history of changes and polls"],
    ["a list that is none", { changes: {}, polls: [], failures: [] }, ".changes: expected a list"],
    ["polls that are missing", { changes: [], failures: [] }, ".polls: expected a list"],
    [
      "an item that is no object",
      { changes: ["x"], polls: [], failures: [] },
      ".changes[0]: expected a change of state",
    ],
    [
      "a change without a time",
      spoilt("changes", 0, "atUnixMs", "soon"),
      ".changes[0].atUnixMs: expected a time",
    ],
    ["a state nobody knows", spoilt("changes", 0, "from", "Degraded"), ".changes[0].from: expected a state"],
    ["a change to nowhere", spoilt("changes", 0, "to", null), ".changes[0].to: expected a state"],
    ["a reason that is no text", spoilt("changes", 0, "reason", 1), ".changes[0].reason: expected text"],
    [
      "a class that is no text",
      spoilt("changes", 0, "reasonClass", 1),
      ".changes[0].reasonClass: expected text",
    ],
    ["an answer without a word", spoilt("polls", 0, "word", 1), ".polls[0].word: expected text"],
    ["an answer without a time", spoilt("polls", 0, "atUnixMs", null), ".polls[0].atUnixMs: expected a time"],
    [
      "a duration that is none",
      spoilt("polls", 0, "durationMs", -1),
      ".polls[0].durationMs: expected a duration",
    ],
    ["a ray that is no text", spoilt("polls", 0, "cfRay", 1), ".polls[0].cfRay: expected text"],
    ["an outcome nobody knows", spoilt("polls", 0, "outcome", "lost"), ".polls[0].outcome: expected a poll"],
    ["a poll that is none", { changes: [], polls: [7], failures: [] }, ".polls[0]: expected a poll"],
    [
      "an answer among the failures",
      spoilt("failures", 0, "outcome", "answered"),
      ".failures[0].outcome: expected a failed poll",
    ],
    [
      "a failure that is none",
      spoilt("failures", 0, "failure", "timeout"),
      ".failures[0].failure: expected a failure",
    ],
    [
      "a failure of no kind",
      spoilt("failures", 0, "failure", { kind: "bad luck", message: "" }),
      ".failures[0].failure.kind: expected a kind of failure",
    ],
    [
      "a failure without a message",
      spoilt("failures", 0, "failure", { kind: "timeout" }),
      ".failures[0].failure.message: expected text",
    ],
    [
      "a failure's ray that is no text",
      spoilt("failures", 0, "failure", { kind: "tls", message: "", cfRay: 1 }),
      ".failures[0].failure.cfRay: expected text",
    ],
    [
      "a failure without a time",
      spoilt("failures", 0, "atUnixMs", null),
      ".failures[0].atUnixMs: expected a time",
    ],
  ])("with %s is refused", (_what, history, message) => {
    expect(() => read(history)).toThrow(new SavedStateError(2, `history${message}`));
  });
});
