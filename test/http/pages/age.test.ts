import { expect, test } from "vitest";
import { ageOf } from "../../../src/http/pages/age.ts";
import { answer, entryAfter, instant } from "../../helpers/entry-builder.ts";

const MINUTE_MS = 60_000;

test.each([
  [1, 60, "age"],
  [150, 60, "age"],
  [151, 60, "age old"],
  [300, 60, "age old"],
  [301, 60, "age doubtful"],
  // Stretched intervals: what is no poll late is not doubted.
  [500, 300, "age"],
  [601, 300, "age doubtful"],
])("an answer of %d s ago, at an interval of %d s, looks %s", (age, interval, looks) => {
  const entry = entryAfter([answer(instant(0), "Healthy")]);
  const rhythm = { intervalMs: interval * 1000, staleAfterMs: 10 * MINUTE_MS };
  expect(ageOf(entry, rhythm, instant(age * 1000)).toString()).toContain(`<span class="${looks}">`);
});

test("the age is by the clock that does not jump", () => {
  const entry = entryAfter([answer(instant(0), "Healthy")]);
  const now = { unixMs: instant(0).unixMs + 86_400_000, monoMs: instant(5000).monoMs };
  expect(ageOf(entry, { intervalMs: MINUTE_MS, staleAfterMs: 600_000 }, now).toString()).toContain(
    'answer <span data-age="5000">5 s</span> old',
  );
});
