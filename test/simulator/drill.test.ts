import { describe, expect, test } from "vitest";
import { answerOf, DRILL_STORIES, type DrillStory, timesOf } from "../../src/simulator/drill.ts";

const MINUTE_MS = 60_000;
const ID = "023e105f4ecef8ad9ca31a8372d0c353";
const STORIES = Object.keys(DRILL_STORIES) as DrillStory[];

/** What the status of an interconnect is answered with so many minutes after the first question. */
function at(
  story: DrillStory,
  minutes: number,
  { interconnect = "a", account = ID, operation = "status" } = {},
) {
  const where = new Set(DRILL_STORIES[story].of === "accounts" ? [ID] : [`${ID}/a`]);
  const question = { operation, account, interconnect, sinceMs: minutes * MINUTE_MS };
  return answerOf({ story, where }, question, MINUTE_MS);
}

describe("answerOf()", () => {
  test.each(STORIES)("%s begins after a minute and is over once", (story) => {
    const { toMs } = timesOf(story, MINUTE_MS);
    expect(at(story, 0)).toBeUndefined();
    expect(at(story, 0.99)).toBeUndefined();
    expect(at(story, 1)).toBeDefined();
    expect(at(story, toMs / MINUTE_MS - 0.01)).toBeDefined();
    expect(at(story, toMs / MINUTE_MS)).toBeUndefined();
    expect(at(story, 1000)).toBeUndefined();
  });

  test.each(STORIES)("%s happens to no other account", (story) => {
    expect(at(story, 2, { account: "another" })).toBeUndefined();
  });

  test("a story of circuits leaves other circuits and other questions alone", () => {
    expect(at("outage", 2)).toEqual({ body: { state: "Down", reason: "no light detected" } });
    expect(at("outage", 2, { interconnect: "b" })).toBeUndefined();
    expect(at("outage", 2, { operation: "list" })).toBeUndefined();
  });

  test("a story of an account is all that it gets", () => {
    expect(at("refused", 2, { operation: "list", interconnect: "" })?.status).toBe(403);
    expect(at("rate-limited", 2, { interconnect: "b" })).toMatchObject({
      status: 429,
      headers: { "retry-after": "60" },
    });
  });

  test("flap goes and comes back with the minutes", () => {
    const states = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((minute) => at("flap", minute + 0.5) !== undefined);
    expect(states).toEqual([true, false, true, false, true, false, true, false, true]);
  });
});

test("timesOf() leaves a slow rhythm of polls one poll before and one more within", () => {
  expect(timesOf("outage", 1000)).toEqual({ fromMs: MINUTE_MS, toMs: 6 * MINUTE_MS });
  expect(timesOf("outage", 5 * MINUTE_MS)).toEqual({ fromMs: 5 * MINUTE_MS, toMs: 14 * MINUTE_MS });
});
