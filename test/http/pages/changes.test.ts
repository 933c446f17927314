import { expect, test } from "vitest";
import type { Instant } from "../../../src/base/clock.ts";
import { type Event, reduce } from "../../../src/domain/state.ts";
import { NO_INFO, type Target } from "../../../src/domain/target.ts";
import type { Picture } from "../../../src/http/pages/banner.ts";
import { type Changes, changesBetween } from "../../../src/http/pages/changes.ts";
import { rhythmsOf } from "../../../src/http/pages/wall-page.ts";
import { answer, buildPlan, buildTarget, failure, instant, planned } from "../../helpers/entry-builder.ts";
import { pictureOf } from "../../helpers/picture.ts";

const A = buildTarget("icon-ewr-01", { info: { ...NO_INFO, site: "ewr-a" } });
const B = buildTarget("icon-<b>", { account: "lab" });
const GROUPS = [{ name: "newyork", members: [A.key], minHealthy: 1 }];
const BEFORE = pictureOf(
  [A, B],
  [answer(instant(1000), "Healthy", undefined, A.key), answer(instant(2000), "Healthy", undefined, B.key)],
  { now: instant(5000), plan: { groups: GROUPS } },
);

function after(before: Picture, events: readonly Event[], now: Instant = instant(9000)): Picture {
  return { ...before, snapshot: { state: events.reduce(reduce, before.snapshot.state), now } };
}

function changes(before: Picture, next: Picture): Changes | undefined {
  const { now } = next.snapshot;
  return changesBetween(before, next, { now, linkPrefix: "/p", rhythmOf: rhythmsOf(next.accounts) });
}

function idOf({ account, interconnect }: Target): string {
  return `c-${encodeURIComponent(`${account}/${interconnect}`)}`;
}

test("nothing is told while nothing but the time changes", () => {
  expect(changes(BEFORE, after(BEFORE, [], instant(60_000)))).toBeUndefined();
});

test("of a poll that brought the same only the age is told, by no clock", () => {
  const next = after(BEFORE, [answer(instant(8000), "Healthy", undefined, A.key)]);
  expect(changes(BEFORE, next)).toEqual({
    all: false,
    moved: [],
    rows: [],
    ages: [[idOf(A), 1000]],
    oldestMs: 7000,
    banner: "",
  });
});

test("another state is told with all that a filter in the browser asks", () => {
  const next = after(BEFORE, [answer(instant(8000), "Down", "No light", A.key)]);
  expect(changes(BEFORE, next)?.moved).toEqual([
    { id: idOf(A), account: "production", site: "ewr-a", group: "newyork", states: ["Healthy", "Down"] },
  ]);
});

test("another reason or failure is told as the row, drawn once", () => {
  const down = after(BEFORE, [answer(instant(6000), "Down", "No light", A.key)]);
  const next = after(down, [
    answer(instant(8000), "Down", "<i>No</i> laser", A.key),
    failure(instant(8500), "timeout", B.key),
  ]);
  const told = changes(down, next);
  expect(told?.moved).toEqual([]);
  expect(told?.rows).toHaveLength(2);
  expect(told?.rows[0]).toContain(`id="${idOf(A)}"`);
  expect(told?.rows[0]).toContain("&#60;i&#62;No");
  expect(told?.rows[0]).toContain('href="/p/interconnects/production/icon-ewr-01"');
  expect(told?.rows[1]).toContain("last poll failed: timeout");
  expect(told?.banner).toContain("timeout");
});

test("a banner is told when it comes and when it goes", () => {
  const starting = { ...BEFORE, whyNotReady: "the first round is under way" };
  expect(changes(BEFORE, starting)?.banner).toContain("The first round is under way");
  expect(changes(starting, BEFORE)?.banner).toBe("");
});

test("another plan, and more than is worth drawing, is told as all", () => {
  const replanned = after(BEFORE, [planned(buildPlan([A]))]);
  expect(changes(BEFORE, replanned)).toMatchObject({ all: true, moved: [], rows: [], ages: [] });
  const many = Array.from({ length: 51 }, (_, index) => buildTarget(`icon-${index}`));
  const all = (state: "Healthy" | "Down", second: number): Event[] =>
    many.map(({ key }) => answer(instant(second * 1000), state, undefined, key));
  const healthy = pictureOf(many, all("Healthy", 1));
  expect(changes(healthy, after(healthy, all("Down", 2)))).toMatchObject({ all: true, moved: [] });
  expect(changes(healthy, after(healthy, all("Down", 2).slice(1)))?.moved).toHaveLength(50);
  expect(changes(healthy, after(healthy, all("Healthy", 2)))?.ages).toHaveLength(51);
});
