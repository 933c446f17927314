import type { Sample } from "../../src/metrics/exposition.ts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/domain/entry.ts";
import { interconnectFamilies, labelKeysOf } from "../../src/metrics/interconnect-families.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  entryAfter,
  failure,
  instant,
  planned,
  replay,
} from "../helpers/entry-builder.ts";
import { history, START } from "../helpers/event-history.ts";

const FAMILIES = interconnectFamilies([]);
const NAME = "cloudflare_interconnect_";

/** The samples of a family, labels as `a=b` and the value. */
function rowsOf(name: string, entry: Entry, families = FAMILIES): string[] {
  const family = families.find((each) => each.name === NAME + name);
  if (family === undefined) throw new Error(`Expected a family ${name}`);
  return family.samples(entry).map(show);
}

function show({ labels, value }: Sample): string {
  return [...labels.map(([name, text]) => `${name}=${text}`), value].join(" ");
}

function sumOf(name: string, entry: Entry): number {
  const samples = FAMILIES.find((each) => each.name === NAME + name)?.samples(entry) ?? [];
  return samples.reduce((sum, { value }) => sum + value, 0);
}

describe("interconnectFamilies() of an interconnect", () => {
  test("that is new show every row known in advance, and nothing that is not known", () => {
    const entry = entryAfter([]);
    const rows = Object.fromEntries(
      FAMILIES.map(({ name }) => [name.slice(NAME.length), rowsOf(name.slice(NAME.length), entry)]),
    );
    const zeros = ["Healthy", "Unhealthy", "Down", "Pending", "Unknown"].map((state) => `state=${state} 0`);
    expect(rows).toMatchObject({
      state: ["state=Healthy 0", "state=Unhealthy 0", "state=Down 0", "state=Pending 0", "state=Unknown 1"],
      last_known_state: [],
      reason_info: ["state=Unknown reason_class=not_polled reason=not polled yet 1"],
      poll_success: ["0"],
      last_success_timestamp_seconds: ["0"],
      state_since_timestamp_seconds: ["1800000000"],
      state_changes_total: zeros,
      state_seconds_total: zeros,
      polls_total: ["0"],
      poll_failures_total: [],
      expected_state: ["state=Healthy 1"],
    });
  });

  test("with a past show it", () => {
    const entry = entryAfter([
      answer(instant(1500), "Healthy"),
      answer(instant(3000), "Down", "No light, -40 dBm"),
      failure(instant(4250), "tls"),
      failure(instant(5000), "timeout"),
      failure(instant(6000), "timeout"),
    ]);
    expect(rowsOf("state", entry)).toContain("state=Down 1");
    expect(rowsOf("last_known_state", entry)).toEqual([
      "state=Healthy 0",
      "state=Unhealthy 0",
      "state=Down 1",
      "state=Pending 0",
    ]);
    expect(rowsOf("reason_info", entry)).toEqual([
      "state=Down reason_class=no_light reason=No light, # dBm 1",
    ]);
    expect(rowsOf("poll_success", entry)).toEqual(["0"]);
    expect(rowsOf("last_success_timestamp_seconds", entry)).toEqual(["1800000003"]);
    expect(rowsOf("state_since_timestamp_seconds", entry)).toEqual(["1800000003"]);
    expect(rowsOf("state_changes_total", entry)).toContain("state=Down 1");
    expect(rowsOf("state_seconds_total", entry)).toEqual([
      "state=Healthy 1.5",
      "state=Unhealthy 0",
      "state=Down 3",
      "state=Pending 0",
      "state=Unknown 1.5",
    ]);
    expect(rowsOf("polls_total", entry)).toEqual(["5"]);
    expect(rowsOf("poll_failures_total", entry)).toEqual(["kind=timeout 2", "kind=tls 1"]);
  });

  test("say that the last poll succeeded, an unknown word included", () => {
    expect(rowsOf("poll_success", entryAfter([answer(instant(1), "Down")]))).toEqual(["1"]);
    expect(rowsOf("poll_success", entryAfter([answer(instant(1), "Degraded")]))).toEqual(["1"]);
  });

  test("keep the last known state through Unknown", () => {
    const entry = entryAfter([answer(instant(0), "Down"), failure(instant(9_000_000), "network")]);
    expect(rowsOf("state", entry)).toContain("state=Unknown 1");
    expect(rowsOf("last_known_state", entry)).toContain("state=Down 1");
  });

  test("write what is known of it, the user's labels last, empty where they are unset", () => {
    const info = {
      type: "direct",
      site: "EWR01",
      facility: "Equinix NY4",
      speed: "10G",
      device: "edge-1",
      region: "ENAM",
      slotId: "slot-7",
    };
    const target = buildTarget("icon-ewr-01", {
      info,
      labels: { provider: "Example Carrier" },
      expectedState: "Pending",
    });
    const entry = entryAfter([], buildPlan([target]));
    expect(rowsOf("info", entry, interconnectFamilies(["circuit_id", "provider"]))).toEqual([
      "account_id=023e105f4ecef8ad9ca31a8372d0c353 interconnect_type=direct interconnect_site=EWR01 " +
        "interconnect_facility=Equinix NY4 interconnect_speed=10G interconnect_device=edge-1 " +
        "interconnect_region=ENAM slot_id=slot-7 circuit_id= provider=Example Carrier 1",
    ]);
    expect(rowsOf("expected_state", entry)).toEqual(["state=Pending 1"]);
  });

  test("leave a label empty that only the language knows", () => {
    const keys = ["constructor", "toString", "__proto__"];
    const [row] = rowsOf("info", entryAfter([]), interconnectFamilies(keys));
    expect(row).toContain("constructor= toString= __proto__= 1");
  });
});

test("interconnectFamilies() keep each interconnect at one state, one reason and one expected state through any history", () => {
  fc.assert(
    fc.property(history, (events) => {
      for (const entry of replay([START, ...events]).entries.all) {
        expect(sumOf("state", entry)).toBe(1);
        expect(sumOf("last_known_state", entry)).toBe(entry.lastKnown === undefined ? 0 : 1);
        expect(sumOf("reason_info", entry)).toBe(1);
        expect(sumOf("expected_state", entry)).toBe(1);
        expect(rowsOf("reason_info", entry)).toHaveLength(1);
        expect(sumOf("poll_failures_total", entry)).toBeLessThanOrEqual(entry.polls);
      }
    }),
  );
});

test("interconnectFamilies() declare the labels that their samples have, for every family", () => {
  const entry = entryAfter([answer(instant(0), "Down"), failure(instant(1), "tls")]);
  for (const { name, labelNames, samples } of interconnectFamilies(["circuit_id"])) {
    for (const { labels } of samples(entry)) {
      expect([name, ...labels.map(([label]) => label)]).toEqual([name, ...labelNames]);
    }
  }
});

test("interconnectFamilies() of the polled state say in HELP that it is as last read", () => {
  for (const name of ["state", "last_known_state", "reason_info", "state_since_timestamp_seconds"]) {
    expect(FAMILIES.find((each) => each.name === NAME + name)?.help).toContain("as last read from the API");
  }
  expect(new Set(FAMILIES.map(({ type }) => type))).toEqual(new Set(["gauge", "counter"]));
  const counters = FAMILIES.filter(({ type }) => type === "counter");
  expect(counters).toEqual(FAMILIES.filter(({ name }) => name.endsWith("_total")));
});

test("labelKeysOf() is the union over all targets, sorted", () => {
  const targets = [
    buildTarget("a", { labels: { provider: "x", circuit_id: "1" } }),
    buildTarget("b", { labels: { circuit_id: "2", zone: "z" } }),
    buildTarget("c"),
  ];
  expect(labelKeysOf(targets)).toEqual(["circuit_id", "provider", "zone"]);
  expect(labelKeysOf(replay([planned(buildPlan([]))]).plan.targets)).toEqual([]);
});
