import { expect, test } from "vitest";
import { stripOf } from "../../../src/http/pages/strip.ts";
import { answer, buildPlan, buildTarget, entryAfter, instant } from "../../helpers/entry-builder.ts";

const HOUR_MS = 3_600_000;
/** Nothing goes stale. */
const PLAN = buildPlan([buildTarget()], { staleAfterMs: { production: 100 * HOUR_MS } });

/** `class d` of each path. */
function pathsOf(strip: string): string[] {
  return [...strip.matchAll(/<path class="(\w+)" d="([^"]*)"/g)].map(([, state, d]) => `${state} ${d}`);
}

test("stripOf() draws the last 24 hours, five minutes to a unit, and what is not remembered apart", () => {
  const entry = entryAfter(
    [
      answer(instant(0), "Healthy"),
      answer(instant(6 * HOUR_MS), "Down"),
      answer(instant(7 * HOUR_MS), "Healthy"),
    ],
    PLAN,
  );
  const strip = stripOf(entry, instant(12 * HOUR_MS)).toString();
  expect(pathsOf(strip)).toEqual(["none M0 10h144", "Healthy M144 14h72M228 14h60", "Down M216 10h12"]);
  expect(strip).toContain("Last 24 hours: 91.66 % Healthy of 12 h known, 2 changes");
});

test("stripOf() leaves the shortest trouble to be seen, at its right end too", () => {
  const [last, before] = [24 * HOUR_MS, 20 * HOUR_MS];
  const entry = entryAfter(
    [
      answer(instant(0), "Healthy"),
      answer(instant(before), "Unhealthy"),
      answer(instant(before + 1000), "Healthy"),
      answer(instant(last), "Down"),
    ],
    PLAN,
  );
  const paths = pathsOf(stripOf(entry, instant(last + 1000)).toString());
  expect(paths.slice(1)).toEqual(["Unhealthy M240 10h1.5", "Down M286.5 10h1.5"]);
});

test("stripOf() with all the changes that are remembered takes less than a kilobyte", () => {
  const words = ["Healthy", "Down", "Unhealthy"] as const;
  const events = Array.from({ length: 60 }, (_, n) => answer(instant(n * 1_200_000), String(words[n % 3])));
  const strip = stripOf(entryAfter(events, PLAN), instant(24 * HOUR_MS)).toString();
  expect(pathsOf(strip).join("").match(/M/g)?.length).toBeGreaterThan(50);
  expect(strip.length).toBeLessThan(1024);
});

test("stripOf() says of what was never answered that it is not known", () => {
  expect(stripOf(entryAfter([]), instant(HOUR_MS)).toString()).toContain("Last 24 hours: not known");
});
