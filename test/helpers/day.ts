import type { Plan } from "../../src/domain/plan.ts";
import type { Event } from "../../src/domain/state.ts";
import { NO_INFO } from "../../src/domain/target.ts";
import type { Picture } from "../../src/http/pages/banner.ts";
import { answer, buildTarget, failure, instant, timePassed } from "./entry-builder.ts";
import { pictureOf } from "./picture.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** The exporter runs for longer than the day that is drawn. */
const START_MINUTE = -30;

/** What a circuit answers from a minute on, until the next; a failure has no word. */
interface Turn {
  readonly from: number;
  readonly word: string | undefined;
  readonly reason?: string;
}

const HEALTHY: Turn = { from: START_MINUTE, word: "Healthy" };
const down = (from: number, reason: string): Turn => ({ from, word: "Down", reason });
const healthy = (from: number): Turn => ({ ...HEALTHY, from });
const low = (from: number): Turn => ({ from, word: "Unhealthy", reason: "rx light level -21.4 dBm" });

/** Every second quarter of an hour of a bad morning. */
const FLAPS = Array.from({ length: 12 }, (_, n) => [
  down(360 + 30 * n, "No light on port 2"),
  healthy(375 + 30 * n),
]).flat();

/** By name, from the first minute of the exporter on. */
const TURNS: Readonly<Record<string, readonly Turn[]>> = {
  "icon-ewr-01": [HEALTHY],
  "icon-ewr-02": [HEALTHY, ...FLAPS, down(1_380, "No light on port 2")],
  "icon-ewr-03": [HEALTHY, low(610), healthy(655)],
  "icon-ewr-04": [HEALTHY],
  "icon-fra-01": [HEALTHY],
  "icon-fra-02": [HEALTHY, low(1_210), down(1_417, "No light on port 7")],
  "icon-fra-03": [HEALTHY, { from: 1_425, word: undefined }],
  "icon-fra-04": [HEALTHY, down(200, "No light on port 3"), healthy(320)],
  "icon-lhr-01": [HEALTHY],
  "icon-lhr-02": [{ from: START_MINUTE, word: "Pending" }, healthy(900)],
  "icon-lhr-03": [HEALTHY, low(1_330)],
  "icon-lhr-04": [{ from: 700, word: "Pending", reason: "Waiting for cross-connect" }],
};
const FACILITIES: Readonly<Record<string, string>> = {
  ewr: "Example Facility EWR",
  fra: "Example Facility FRA",
  lhr: "Example Facility LHR",
};

const targets = Object.keys(TURNS).map((name, n) => {
  const [, city = "", number = ""] = name.split("-");
  return buildTarget(name, {
    labels: { circuit_id: `XC-${20_400 + n}`, provider: "Example Carrier" },
    info: {
      ...NO_INFO,
      site: `${city}-a`,
      facility: FACILITIES[city] ?? "",
      speed: number === "01" ? "100G" : "10G",
      device: `device-${city}-1`,
      slotId: `slot-${city}-${number}`,
    },
  });
});
const keyOf = (name: string): string => buildTarget(name).key;
const groups: Plan["groups"] = [
  { name: "newyork", members: ["icon-ewr-01", "icon-ewr-02", "icon-ewr-03"].map(keyOf), minHealthy: 1 },
  { name: "frankfurt", members: ["icon-fra-01", "icon-fra-02"].map(keyOf), minHealthy: 2 },
];

/** The last day of twelve circuits, which are polled every minute: all states, failures, two groups and much that is over. */
export function dayPicture(): Picture {
  const events = Array.from({ length: DAY_MINUTES - START_MINUTE }, (_, n) =>
    eventsOf(START_MINUTE + n),
  ).flat();
  return pictureOf(targets, events, { now: instant(DAY_MINUTES * MINUTE_MS), plan: { groups } });
}

function eventsOf(minute: number): readonly Event[] {
  const polls = targets.flatMap(({ interconnect, key }, n): Event[] => {
    const turn = TURNS[interconnect]?.findLast(({ from }) => from <= minute);
    if (turn === undefined) return [];
    // Spread over the minute, as the schedule spreads them.
    const at = instant(minute * MINUTE_MS + (n + 1) * 4_700);
    const durationMs = 140 + (((minute - START_MINUTE) * 7 + n * 31) % 90);
    if (turn.word === undefined) return [{ ...failure(at, "not_found", key), durationMs }];
    const cfRay = `9f4${((minute - START_MINUTE) * 12 + n).toString(16).padStart(5, "0")}a71b2c4-EWR`;
    return [{ ...answer(at, turn.word, turn.reason, key), durationMs, cfRay }];
  });
  return [...polls, timePassed(instant((minute + 1) * MINUTE_MS))];
}
