import { expect, test } from "vitest";
import type { Entry } from "../../src/domain/entry.ts";
import type { ExporterState } from "../../src/domain/state.ts";
import { reduce } from "../../src/domain/state.ts";
import { exposition } from "../../src/metrics/exposition.ts";
import { createInterconnectRows } from "../../src/metrics/interconnect-rows.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  instant,
  planned,
  replay,
  timePassed,
} from "../helpers/entry-builder.ts";
import { parseExposition } from "../helpers/parse-exposition.ts";

const now = instant(0);
const FIRST = buildTarget("icon-01", { labels: { circuit_id: "XC-1" } });
const SECOND = buildTarget("icon-02", { labels: { provider: 'Say "hi"\\\n' } });

/** The state with entries that count how often their state is read, by their place. */
function counting(state: ExporterState): { readonly state: ExporterState; readonly reads: number[] } {
  const reads = state.entries.map(() => 0);
  const entries = state.entries.map((entry, index): Entry => ({
    ...entry,
    get reason() {
      reads[index] = (reads[index] ?? 0) + 1;
      return entry.reason;
    },
  }));
  return { state: { ...state, entries }, reads };
}

test("createInterconnectRows() gives families in one order, each with the rows of all interconnects", () => {
  const state = replay([planned(buildPlan([FIRST, SECOND])), answer(instant(1), "Down", "", FIRST.key)]);
  const blocks = createInterconnectRows()({ state, now });
  for (const format of ["text", "openmetrics"] as const) {
    const parsed = parseExposition(exposition(blocks, format), format);
    const states = parsed.get("cloudflare_interconnect_state")?.samples;
    expect(states).toHaveLength(10);
    expect(states?.filter(({ value }) => value === 1).map(({ labels }) => labels)).toEqual([
      { account: "production", interconnect: "icon-01", state: "Down" },
      { account: "production", interconnect: "icon-02", state: "Unknown" },
    ]);
    const known = parsed.get("cloudflare_interconnect_last_known_state")?.samples;
    expect(new Set(known?.map(({ labels }) => labels["interconnect"]))).toEqual(new Set(["icon-01"]));
    const infos = parsed.get("cloudflare_interconnect_info")?.samples.map(({ labels }) => labels);
    expect(infos).toMatchObject([
      { circuit_id: "XC-1", provider: "" },
      { circuit_id: "", provider: 'Say "hi"\\\n' },
    ]);
  }
});

test("createInterconnectRows() renders an interconnect once, and again only when it has changed", () => {
  const rows = createInterconnectRows();
  const { state, reads } = counting(replay([planned(buildPlan([FIRST, SECOND]))]));
  rows({ state, now });
  const once = [...reads];
  expect(Math.min(...once)).toBeGreaterThan(0);

  rows({ state, now: instant(5000) });
  rows({ state: reduce(state, timePassed(instant(5000))), now });
  expect(reads).toEqual(once);

  const changed = reduce(state, answer(instant(6000), "Down", "", FIRST.key));
  const reading = [...reads];
  const text = exposition(rows({ state: changed, now }), "text");
  expect(reads[1]).toBe(reading[1]);
  expect(text).toContain('state{account="production",interconnect="icon-01",state="Down"} 1\n');
});

test("createInterconnectRows() writes the new plan's labels, and drops those that left", () => {
  const rows = createInterconnectRows();
  const before = replay([planned(buildPlan([FIRST, SECOND]))]);
  rows({ state: before, now });
  const after = reduce(before, planned(buildPlan([{ ...FIRST, labels: { zone: "a" } }]), instant(1)));
  const text = exposition(rows({ state: after, now }), "text");
  expect(text).toMatch(/info\{account="production",interconnect="icon-01",.*,slot_id="",zone="a"\} 1\n/);
  expect(text).not.toContain("icon-02");
  expect(text).not.toContain("circuit_id");
});
