import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NO_INFO, type Target } from "../../../src/domain/target.ts";
import type { Picture } from "../../../src/http/pages/banner.ts";
import { NO_FILTER, parseQuery, type Query } from "../../../src/http/pages/filter.ts";
import { surveyOf } from "../../../src/http/pages/survey.ts";
import { wallPage } from "../../../src/http/pages/wall-page.ts";
import { answer, buildTarget, failure, instant } from "../../helpers/entry-builder.ts";
import { hostileText } from "../../helpers/hostile-text.ts";
import { pictureOf, shownText } from "../../helpers/picture.ts";

const OPTIONS = { version: "1.2.3", telemetryPath: "/metrics", linkPrefix: "" };

function target(name: string, site = "ewr-a", overrides: Partial<Target> = {}): Target {
  return buildTarget(name, { info: { ...NO_INFO, site, speed: "10G" }, ...overrides });
}

const [EWR_1, EWR_2, FRA_1, LHR_1, LHR_2, LAB] = [
  target("icon-ewr-01"),
  target("icon-ewr-02"),
  target("icon-fra-01", "fra-a"),
  target("icon-lhr-01", "lhr-a", { labels: { circuit_id: "XC-1" } }),
  target("icon-lhr-02", "lhr-a", { expectedState: "Pending" }),
  target("icon-lab-01", "", { account: "lab" }),
] as const;
const TARGETS = [EWR_1, EWR_2, FRA_1, LHR_1, LHR_2, LAB];
const GROUPS = [
  { name: "newyork", members: [EWR_1.key, EWR_2.key], minHealthy: 1 },
  { name: "london", members: [LHR_1.key, LHR_2.key], minHealthy: 2 },
];
const PICTURE = pictureOf(
  TARGETS,
  [
    answer(instant(1000), "Healthy", undefined, EWR_1.key),
    answer(instant(1000), "Unhealthy", "rx light level -21.4 dBm", EWR_2.key),
    answer(instant(2000), "Down", "No light on port 7", LHR_1.key),
    answer(instant(3000), "Down", undefined, FRA_1.key),
    failure(instant(4000), "timeout", FRA_1.key),
    answer(instant(3000), "Pending", undefined, LHR_2.key),
  ],
  { now: instant(63_000), plan: { groups: GROUPS } },
);

function wall(query: Query = {}, picture: Picture = PICTURE): string {
  const parsed = parseQuery(query);
  return wallPage(picture, surveyOf(picture.snapshot, parsed.filter), parsed, OPTIONS);
}

/** The names of the circuits in the order of the page. */
function namesOn(page: string): string[] {
  return [...page.matchAll(/<li class="row [^>]*id="c-([^"]*)"/g)].map(
    ([, id = ""]) => decodeURIComponent(id).split("/")[1] ?? "",
  );
}

test("the wall says first what is wrong, in its title too", () => {
  const page = wall();
  expect(/<title>(.*)<\/title>/.exec(page)?.[1]).toBe(
    "2 Down, 1 Unhealthy, 1 Unknown of 6 · oldest answer 1 min · 1 without an answer yet",
  );
  expect(shownText(/<h1>[\s\S]*<\/h1>/.exec(page)?.[0] ?? "")).toBe("2 Down, 1 Unhealthy, 1 Unknown of 6");
  expect(page).toMatch(/rel="icon"\s+type="image\/svg\+xml"\s+href="\/assets\/Down\./);
});

test("the worst comes first, of equals what changed last; what is as expected comes last, by site", () => {
  expect(namesOn(wall())).toEqual([
    "icon-fra-01",
    "icon-lhr-01",
    "icon-ewr-02",
    "icon-lab-01",
    "icon-ewr-01",
    "icon-lhr-02",
  ]);
  expect(shownText(wall())).toMatch(/Needs attention · 4 .* As expected · 2 ewr-a · 1 as expected/);
});

test("a row tells all that there is to know in one look", () => {
  const [, row = ""] =
    /(<li class="row Down" id="c-production%2Ficon-fra-01">[\s\S]*?<\/li>)/.exec(wall()) ?? [];
  expect(shownText(row)).toBe(
    "Down for 1 min since 2027-01-15 08:00:03 UTC icon-fra-01 production · fra-a · 10G answer 1 min old · last poll failed: timeout · what to do about icon-fra-01",
  );
  expect(row).toContain('href="/interconnects/production/icon-fra-01"');
  expect(row).toContain('href="/runbooks/CloudflareInterconnectDown"');
  expect(shownText(wall())).toContain("No light on port 7 no_light");
});

test("all circuits Healthy are said to be so, and expected states as expected", () => {
  const healthy = pictureOf([EWR_1], [answer(instant(0), "Healthy")]);
  expect(wall({}, healthy)).toContain("<title>All 1 Healthy · oldest answer 5 s</title>");
  const pending = pictureOf([LHR_2], [answer(instant(0), "Pending", undefined, LHR_2.key)]);
  expect(wall({}, pending)).toContain("<title>All 1 as expected · oldest answer 5 s</title>");
  const early = pictureOf([LHR_2], [answer(instant(0), "Healthy", undefined, LHR_2.key)]);
  expect(wall({}, early)).toContain("<title>1 unexpectedly Healthy of 1 · oldest answer 5 s</title>");
});

test("groups say how many are healthy and how many must be, the worst first", () => {
  const text = shownText(wall());
  expect(text).toContain(
    "Groups · 2 london 0 of 2 healthy, minimum 2: below its minimum newyork 1 of 2 healthy, minimum 1: nothing to spare",
  );
  const unknown = pictureOf(TARGETS, [], { plan: { groups: GROUPS } });
  expect(shownText(wall({}, unknown))).toContain(
    "newyork 0 of 2 healthy, 2 Unknown, minimum 1: perhaps below its minimum",
  );
});

test("a filter leaves the circuits and groups that it is about, and is told", () => {
  const page = wall({ site: "lhr-a", state: ["Down", "Pending"] });
  expect(namesOn(page)).toEqual(["icon-lhr-01", "icon-lhr-02"]);
  expect(shownText(page)).toContain("2 of 6 circuits");
  expect(shownText(page)).toContain("Groups · 1 london");
  expect(page).toContain("<title>1 Down of 2");
  // Each choice can be taken away, and the form keeps all of them.
  expect(page).toContain('href="/?state=Down&#38;state=Pending"');
  expect(page).toContain('<input type="hidden" name="state" value="Pending" />');
  expect(page).toContain("<option selected>lhr-a</option>");
  // Who has chosen wants to see: nothing is folded.
  expect(page).toMatch(/<details id="site-lhr-a" open>/);
  expect(shownText(wall({ q: "nothing-of-the-kind" }))).toContain("None of 6 circuits fits the filter.");
});

test("nothing to show is said in words", () => {
  expect(shownText(wall({}, pictureOf([], [])))).toContain("No circuits are polled yet");
});

test("a wall screen is larger and has no controls", () => {
  const page = wall({ tv: "" });
  expect(page).toMatch(/<html lang="en" class="wall tv">/);
  expect(page).not.toMatch(/<form|<select|<button/);
});

const MANY = Array.from({ length: 450 }, (_, n) =>
  target(`icon-${String(n).padStart(3, "0")}`, `site-${n % 3}`),
);
const MANY_EVENTS = MANY.map(({ key }, n) => answer(instant(n), n % 2 === 0 ? "Healthy" : "Down", "x", key));

test("beyond 200 rows there are pages, which leave none out and show none twice", () => {
  const picture = pictureOf(MANY, MANY_EVENTS);
  const pages = ["1", "2", "3"].map((page) => wall({ page }, picture));
  expect(pages.map((page) => namesOn(page).length)).toEqual([200, 200, 50]);
  expect(new Set(pages.flatMap(namesOn)).size).toBe(450);
  expect(shownText(pages[1] ?? "")).toContain("First Previous 201 to 400 of 450 Next Last");
  // Of more than there are, the last.
  expect(namesOn(wall({ page: "99" }, picture))).toEqual(namesOn(pages[2] ?? ""));
});

test("a page of 20 circuits is at most 60 KB, and each further row 1.2 KB", () => {
  const labels = { circuit_id: "XC-20417", provider: "Example Carrier" };
  const info = { ...NO_INFO, site: "ewr-a", facility: "Example Facility EWR", speed: "100G" };
  const targets = MANY.map(({ interconnect }) => buildTarget(interconnect, { labels, info }));
  const size = (count: number) =>
    Buffer.byteLength(wall({}, pictureOf(targets.slice(0, count), MANY_EVENTS.slice(0, count))));
  expect(size(20)).toBeLessThan(60_000);
  expect((size(200) - size(20)) / 180).toBeLessThan(1200);
});

interface Texts {
  readonly name: string;
  readonly site: string;
  readonly label: string;
  readonly reason: string;
}

/** The tags of a wall that shows these texts, without the values of their attributes. */
function tagsWith({ name, site, label, reason }: Texts): string[] {
  const hostile = buildTarget(`n${name}`, {
    account: `a${name}`,
    labels: { circuit_id: `l${label}` },
    info: { ...NO_INFO, site: `s${site}` },
  });
  const groups = [{ name: `g${site}`, members: [hostile.key], minHealthy: 1 }];
  const events = [
    answer(instant(1), "Down", `r${reason}`, hostile.key),
    failure(instant(2), "tls", hostile.key),
  ];
  const picture = pictureOf([hostile], events, { plan: { groups } });
  const query = { page: 1, tv: false, filter: { ...NO_FILTER, account: [`a${name}`] } };
  const page = wallPage(picture, surveyOf(picture.snapshot, query.filter), query, {
    ...OPTIONS,
    version: name,
  });
  return (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
}

test("the wall shows no text as anything but text, whatever names, labels and reasons hold", () => {
  const texts = fc.record({ name: hostileText, site: hostileText, label: hostileText, reason: hostileText });
  const expected = tagsWith({ name: "", site: "", label: "", reason: "" });
  const hostile = { name: "</p><b>", site: "</script>", label: "<img src=x onerror=x>", reason: '"><i>' };
  expect(tagsWith(hostile)).toEqual(expected);
  fc.assert(
    fc.property(texts, (any) => {
      expect(tagsWith(any)).toEqual(expected);
    }),
  );
});

test("a text of 10 KiB is cut on the wall", () => {
  const long = buildTarget("icon-01", { labels: { note: "x".repeat(10_240) } });
  const page = wall({}, pictureOf([long], [answer(instant(1), "Down", "y".repeat(8000))]));
  expect(page.length).toBeLessThan(15_000);
});
