import { describe, expect, test } from "vitest";
import { readHistory } from "../../src/domain/read-history.ts";
import { answer, entryAfter, failure, instant } from "../helpers/entry-builder.ts";

const { history } = entryAfter([
  { ...answer(instant(1000), "Down", "no light"), cfRay: "8a1b2c3d4e5f6789-SYD" },
  answer(instant(2000), "Healthy"),
  failure(instant(3000), "timeout"),
  {
    ...failure(instant(4000), "forbidden"),
    failure: { kind: "forbidden", message: "refused", cfRay: "8a1b2c3d4e5f6789-SYD" },
  },
]);
const asWritten = (): unknown => JSON.parse(JSON.stringify(history));

/** The history as written, with one value in it replaced. */
function spoilt(list: string, index: number, key: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(history));
  copy[list][index][key] = value;
  return copy;
}

describe("readHistory()", () => {
  test("reads what was written", () => {
    expect(history.changes.map(({ to }) => to)).toEqual(["Down", "Healthy"]);
    expect(readHistory(asWritten())).toEqual(history);
  });

  test.each([
    ["no object", null],
    ["a list", []],
    ["a list that is none", { changes: {}, polls: [], failures: [] }],
    ["polls that are missing", { changes: [], failures: [] }],
    ["an item that is no object", { changes: ["x"], polls: [], failures: [] }],
    ["a change without a time", spoilt("changes", 0, "atUnixMs", "soon")],
    ["a state nobody knows", spoilt("changes", 0, "from", "Degraded")],
    ["a change to nowhere", spoilt("changes", 0, "to", null)],
    ["a reason that is no text", spoilt("changes", 0, "reason", 1)],
    ["a class that is no text", spoilt("changes", 0, "reasonClass", 1)],
    ["an answer without a word", spoilt("polls", 0, "word", 1)],
    ["an answer without a time", spoilt("polls", 0, "atUnixMs", null)],
    ["a ray that is no text", spoilt("polls", 0, "cfRay", 1)],
    ["an outcome nobody knows", spoilt("polls", 0, "outcome", "lost")],
    ["a failure that is none", spoilt("failures", 0, "failure", "timeout")],
    ["a failure of no kind", spoilt("failures", 0, "failure", { kind: "bad luck", message: "" })],
    ["a failure without a message", spoilt("failures", 0, "failure", { kind: "timeout" })],
    [
      "a failure's ray that is no text",
      spoilt("failures", 0, "failure", { kind: "tls", message: "", cfRay: 1 }),
    ],
    ["a failure without a time", spoilt("failures", 0, "atUnixMs", null)],
  ])("reads nothing from %s", (_what, value) => {
    expect(readHistory(value)).toBeUndefined();
  });
});
