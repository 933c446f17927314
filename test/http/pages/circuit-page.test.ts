import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findEntry } from "../../../src/domain/state.ts";
import { NO_INFO } from "../../../src/domain/target.ts";
import type { Picture } from "../../../src/http/pages/banner.ts";
import { circuitPage } from "../../../src/http/pages/circuit-page.ts";
import { answer, buildTarget, failure, instant } from "../../helpers/entry-builder.ts";
import { hostileText } from "../../helpers/hostile-text.ts";
import { pictureOf, shownText } from "../../helpers/picture.ts";

const OPTIONS = {
  version: "1.2.3",
  telemetryPath: "/metrics",
  linkPrefix: "/cni",
  runbooks: new Set(["CloudflareInterconnectDown", "reason-no_light"]),
  rhythmOf: () => ({ intervalMs: 60_000, staleAfterMs: 600_000 }),
};
const MINUTE_MS = 60_000;
const CIRCUIT = buildTarget("icon 01/a", {
  info: { ...NO_INFO, site: "ewr-a", slotId: "slot-7" },
  labels: { circuit_id: "XC-20417" },
});
const OTHER = buildTarget("icon-02");
const GROUP = { name: "newyork", members: [CIRCUIT.key, OTHER.key, "production/gone"], minHealthy: 2 };
const REASON = `No light on port 17 ${"x".repeat(400)}`;
const PICTURE = pictureOf(
  [CIRCUIT, OTHER],
  [
    { ...answer(instant(0), "Healthy", undefined, CIRCUIT.key), cfRay: "ray-1", durationMs: 120.4 },
    answer(instant(0), "Healthy", undefined, OTHER.key),
    { ...answer(instant(5 * MINUTE_MS), "Down", REASON, CIRCUIT.key), cfRay: "ray-2", durationMs: 80 },
    failure(instant(6 * MINUTE_MS), "timeout", CIRCUIT.key),
  ],
  { now: instant(8 * MINUTE_MS), plan: { groups: [GROUP] } },
);

function pageOf(name: string, picture: Picture = PICTURE): string {
  const entry = findEntry(picture.snapshot.state, "production", name);
  if (entry === undefined) throw new Error(`Expected ${name} to be polled`);
  return circuitPage(entry, picture, OPTIONS);
}

/** The text of the section with that id. */
function section(page: string, id: string): string {
  return shownText(new RegExp(`<section id="${id}">[\\s\\S]*?</section>`).exec(page)?.[0] ?? "");
}

test("a circuit's page says what it is in, since when, why and how sure that is", () => {
  const page = pageOf("icon 01/a");
  expect(page).toContain("<title>Down · icon 01/a · production</title>");
  expect(shownText(page)).toContain(
    "icon 01/a Down Down for 3 min, since 2027-01-15 08:05:00 UTC · answer 3 min old · expected Healthy",
  );
  expect(section(page, "reason")).toBe(
    `Why ${REASON} Class no_light The last poll failed (timeout): timeout of a test What to do: CloudflareInterconnectDown reason-no_light`,
  );
  expect(page).toContain('href="/cni/runbooks/reason-no_light"');
});

test("a circuit's page has availability, changes with their durations, and polls with rays", () => {
  const page = pageOf("icon 01/a");
  expect(section(page, "day")).toContain("Last hour 62.50 % 8 min Last 24 hours 62.50 % 8 min");
  expect(section(page, "changes")).toContain(
    "2027-01-15 08:05:00 UTC Down after Healthy 3 min so far No light on port 17",
  );
  expect(section(page, "changes")).toContain("2027-01-15 08:00:00 UTC Healthy after Unknown 5 min none");
  expect(section(page, "polls")).toBe(
    "Last polls · 3 Ended Took Outcome cf-ray " +
      "2027-01-15 08:06:00 UTC – failed (timeout): timeout of a test – " +
      "2027-01-15 08:05:00 UTC 80 ms answered Down ray-2 " +
      "2027-01-15 08:00:00 UTC 120 ms answered Healthy ray-1",
  );
});

test("a circuit's page has its group and the other members", () => {
  const page = pageOf("icon 01/a");
  expect(section(page, "group")).toBe(
    "Group newyork 1 of 3 members healthy, 1 Unknown, minimum 2 Down production/icon 01/a Healthy production/icon-02 Unknown production/gone, which is not polled",
  );
  expect(page).toContain('href="/cni/interconnects/production/icon-02"');
  expect(page).toContain('href="/cni/?group=newyork"');
  expect(pageOf("icon-02", pictureOf([OTHER], []))).not.toContain('id="group"');
});

test("a circuit's page tells all facts, and where to get them as text and JSON", () => {
  const page = pageOf("icon 01/a");
  expect(section(page, "about")).toBe(
    "About it Account production Account ID 023e105f4ecef8ad9ca31a8372d0c353 Interconnect icon 01/a Expected state Healthy Site ewr-a Slot ID slot-7 circuit_id XC-20417",
  );
  expect(page).toContain('href="/cni/interconnects/production/icon%2001%2Fa/support.txt"');
  expect(page).toContain('href="/cni/api/v1/interconnects/production/icon%2001%2Fa"');
});

test("a circuit's page keeps the failed polls that are older than the last ones", () => {
  const answers = Array.from({ length: 10 }, (_, n) =>
    answer(instant(1000 + n), "Healthy", undefined, OTHER.key),
  );
  const page = pageOf("icon-02", pictureOf([OTHER], [failure(instant(1), "tls", OTHER.key), ...answers]));
  expect(section(page, "failures")).toContain("Earlier failed polls · 1");
  expect(section(page, "failures")).toContain("tls of a test");
});

test("a circuit that was never polled has a page", () => {
  const page = pageOf("icon-02", pictureOf([OTHER], []));
  expect(section(page, "changes")).toBe("Changes None so far.");
  expect(section(page, "polls")).toBe("Polls None so far.");
  expect(shownText(page)).toContain("never answered · expected Healthy · last known nothing");
});

/** The tags of the page of a circuit that has this text wherever one can be, without the values of their attributes. */
function tagsOf(text: string): string[] {
  const target = buildTarget(`n${text}`, {
    labels: { note: `l${text}` },
    info: { ...NO_INFO, device: `d${text}` },
  });
  const down = { ...answer(instant(1), "Down", `r${text}`, target.key), cfRay: `c${text}` };
  const failed = {
    ...failure(instant(2), "tls", target.key),
    failure: { kind: "tls" as const, message: text },
  };
  const groups = [{ name: `g${text}`, members: [target.key], minHealthy: 1 }];
  const page = pageOf(`n${text}`, pictureOf([target], [down, failed], { plan: { groups } }));
  return (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
}

test("a circuit's page shows no text as anything but text", () => {
  const expected = tagsOf("");
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(tagsOf(text)).toEqual(expected);
    }),
    { examples: [["<img src=x onerror=alert(1)>"], ['"><script>'], ["</section>"]] },
  );
});
