import { describe, expect, test } from "vitest";
import { NO_ROW, pauseAfter, rowAfterAnswer } from "../../src/domain/pause.ts";

/** The pauses, in seconds, of 429s that ask for so much, each sent when the pause before was over. */
function pausesOf(asked: readonly (number | undefined)[]): readonly number[] {
  let row = NO_ROW;
  let nowMs = 0;
  return asked.map((seconds) => {
    const askedMs = seconds === undefined ? undefined : seconds * 1000;
    const paused = pauseAfter(row, { nowMs, sentMs: nowMs, askedMs });
    row = paused.row;
    nowMs += paused.ms + 1;
    return paused.ms / 1000;
  });
}

describe("a pause", () => {
  test.each([
    ["is as long as the 429 asks", [30], [30]],
    ["is a window of Cloudflare's when it does not ask", [undefined], [300]],
    ["is never shorter than a second, and doubles up to a window", [0, 0, 1, 0], [1, 2, 4, 8]],
    ["doubles up to a window and stays there", [100, 1, 1, 1], [100, 200, 300, 300]],
    [
      "is longer than a window when it asks, and an hour at most",
      [900, 1, 3600, 86_400],
      [900, 300, 3600, 3600],
    ],
  ])("%s", (_what, asked, expected) => {
    expect(pausesOf(asked)).toEqual(expected);
  });

  test("is no longer for a 429 to what was under way when the one before began", () => {
    const { row } = pauseAfter(NO_ROW, { nowMs: 1000, sentMs: 900, askedMs: 5000 });
    expect(pauseAfter(row, { nowMs: 1100, sentMs: 950, askedMs: 1000 }).ms).toBe(1000);
  });

  test("is said to be cut once in a row", () => {
    const first = pauseAfter(NO_ROW, { nowMs: 1, sentMs: 0, askedMs: 7_200_000 });
    const second = pauseAfter(first.row, { nowMs: 3_700_000, sentMs: 3_600_001, askedMs: 7_200_000 });
    expect([first.firstCut, second.firstCut]).toEqual([true, false]);
  });

  test("begins small again after a good answer to a request of after it", () => {
    const { row } = pauseAfter(NO_ROW, { nowMs: 1000, sentMs: 900, askedMs: 60_000 });
    expect(rowAfterAnswer(row, 950)).toBe(row);
    expect(rowAfterAnswer(row, 61_000)).toBe(NO_ROW);
  });
});
