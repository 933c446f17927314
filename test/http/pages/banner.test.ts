import { expect, test } from "vitest";
import type { FailureKind } from "../../../src/domain/failure.ts";
import { bannerOf, type Picture } from "../../../src/http/pages/banner.ts";
import { answer, buildTarget, failure, instant, timePassed } from "../../helpers/entry-builder.ts";
import { pictureOf, reading, shownText } from "../../helpers/picture.ts";

const TARGETS = [buildTarget("icon-01"), buildTarget("icon-02")];
const ANSWERED = TARGETS.map(({ key }) => answer(instant(0), "Healthy", undefined, key));

function text(picture: Picture): string | undefined {
  const banner = bannerOf(picture);
  return banner === undefined ? undefined : shownText(banner.toString());
}

test("there is no banner while the picture can be trusted", () => {
  expect(text(pictureOf(TARGETS, ANSWERED))).toBeUndefined();
});

test("a 404 is about one circuit, and no fault of the picture", () => {
  expect(
    text(pictureOf(TARGETS, [...ANSWERED, failure(instant(1), "not_found", TARGETS[0]?.key)])),
  ).toBeUndefined();
});

test("a failed poll among many is said in its row, and no fault of the picture until nothing is left to believe", () => {
  const targets = ["icon-01", "icon-02", "icon-03"].map((name) => buildTarget(name));
  const [first] = targets;
  const events = [
    ...targets.map(({ key }) => answer(instant(0), "Healthy", undefined, key)),
    failure(instant(1), "timeout", first?.key),
  ];
  expect(text(pictureOf(targets, events))).toBeUndefined();
  const later = instant(650_000);
  const others = targets.slice(1).map(({ key }) => answer(later, "Healthy", undefined, key));
  expect(text(pictureOf(targets, [...events, ...others, timePassed(later)], { now: later }))).toBe(
    "Cloudflare’s API cannot be reached or fails for account “production”. 1 of 3 circuits shows what was last known (timeout): 1 older than 10 min and so Unknown.",
  );
});

test("the banner says that the exporter has not started yet", () => {
  const whyNotReady = "waiting for the first poll of 3 interconnects";
  expect(text({ ...pictureOf(TARGETS, []), whyNotReady })).toBe(
    "The exporter is not ready. Waiting for the first poll of 3 interconnects.",
  );
});

test("the banner says of a 429 until when, and once", () => {
  const limited = TARGETS.map(({ key }) => failure(instant(1000), "rate_limited", key));
  const picture = pictureOf(TARGETS, [...ANSWERED, ...limited]);
  const accounts = [reading({ pausedUntilMs: instant(197_000).unixMs })];
  expect(text({ ...picture, accounts })).toBe(
    "Cloudflare answers 429 to account “production”. 2 circuits show what was last known; asked again at 08:03:17 UTC, in 3 min.",
  );
});

test.each<[FailureKind, string]>([
  ["unauthorized", "Cloudflare does not accept the credential of account “production”."],
  ["forbidden", "Cloudflare refuses access to account “production”."],
  ["timeout", "Cloudflare’s API cannot be reached or fails for account “production”."],
  ["invalid_response", "Cloudflare’s answers are not understood for account “production”."],
  ["throttled", "The exporter’s own request budget is spent for account “production”."],
  ["rate_limited", "Cloudflare limits the requests of account “production”."],
])("the banner tells of %s, of which circuits and how long they are believed", (kind, what) => {
  const picture = pictureOf(TARGETS, [...ANSWERED, failure(instant(1), kind, TARGETS[0]?.key)]);
  expect(text(picture)).toBe(
    `${what} 1 of 2 circuits shows what was last known (${kind}), for 10 min at most.`,
  );
});

test("the banner counts what can no longer be believed, and what never was answered", () => {
  const [first, second] = TARGETS;
  const events = [
    answer(instant(0), "Healthy", undefined, first?.key),
    failure(instant(600_001), "timeout", first?.key),
    failure(instant(600_001), "network", second?.key),
  ];
  expect(text(pictureOf(TARGETS, events, { now: instant(601_000) }))).toBe(
    "Cloudflare’s API cannot be reached or fails for account “production”. 2 circuits show what was last known (timeout, network): 1 older than 10 min and so Unknown, 1 never answered.",
  );
});

test("the banner tells that polls no longer end", () => {
  const now = instant(700_000);
  expect(text(pictureOf(TARGETS, [...ANSWERED, timePassed(now)], { now }))).toBe(
    "No poll of account “production” has finished for too long. 2 circuits show what was last known: 2 older than 10 min and so Unknown.",
  );
});
