import { describe, expect, test } from "vitest";
import {
  answer,
  entryAfter,
  failure,
  instant,
  STALE_AFTER_MS,
  timePassed,
} from "../helpers/entry-builder.ts";

describe("an entry's `changed`", () => {
  test("is not there before a change, and the first answer is none", () => {
    expect(entryAfter([]).changed).toBeUndefined();
    expect(entryAfter([answer(instant(0), "Down")]).changed).toBeUndefined();
    expect(entryAfter([answer(instant(0), "Down"), answer(instant(1000), "Down")]).changed).toBeUndefined();
    expect(entryAfter([failure(instant(0), "not_found"), failure(instant(1), "not_found")]).changed).toBe(
      undefined,
    );
  });

  test("is when the state was last entered", () => {
    const events = [answer(instant(0), "Healthy"), answer(instant(1000), "Down")];
    expect(entryAfter(events).changed).toEqual(instant(1000));
    expect(entryAfter([...events, answer(instant(2000), "Down")]).changed).toEqual(instant(1000));
    expect(entryAfter([...events, answer(instant(3000), "Healthy")]).changed).toEqual(instant(3000));
  });

  test("is the moment at which the answer grew too old, however late that is noticed", () => {
    const events = [answer(instant(0), "Healthy"), timePassed(instant(STALE_AFTER_MS + 5000))];
    expect(entryAfter(events).changed).toEqual(instant(STALE_AFTER_MS));
  });
});
