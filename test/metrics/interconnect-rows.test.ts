import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Entries } from "../../src/domain/entries.ts";
import type { Entry } from "../../src/domain/entry.ts";
import { EMPTY_STATE, type ExporterState, reduce } from "../../src/domain/state.ts";
import { interconnectFamilies } from "../../src/metrics/interconnect-families.ts";
import { createInterconnectRows, type InterconnectBody } from "../../src/metrics/interconnect-rows.ts";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../helpers/entry-builder.ts";
import { history, START } from "../helpers/event-history.ts";
import { hostileText } from "../helpers/hostile-text.ts";
import { plainBlocks } from "../helpers/plain-exposition.ts";

const FIRST = buildTarget("icon-01", { labels: { circuit_id: "XC-1" } });
const SECOND = buildTarget("icon-02", { labels: { provider: 'Say "hi"\\\n' } });

/** Rows of a state that the test can replace, and how often their making has given way. */
function subject(state: ExporterState) {
  const cell = { state, turns: 0 };
  const rows = createInterconnectRows(
    () => cell.state,
    async () => {
      cell.turns += 1;
    },
  );
  return { cell, rows };
}

function texts({ rows }: InterconnectBody): string[] {
  return rows.map(({ bytes }) => bytes.toString());
}

const FAMILIES = interconnectFamilies([]).length;

function plainTexts(state: ExporterState): string[] {
  return plainBlocks(state).map(({ rows }) => rows);
}

test("createInterconnectRows() gives, after any history, what rendering from nothing gives", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(history, { maxLength: 4 }), async (histories) => {
      const { cell, rows } = subject(replay([START]));
      for (const events of histories) {
        cell.state = replay(events, cell.state);
        expect(texts(await rows())).toEqual(plainTexts(cell.state));
      }
    }),
    { numRuns: 60 },
  );
});

test("createInterconnectRows() copies rows whose names and labels hold anything", async () => {
  const words = fc.constantFrom("Healthy", "Down", "Pending");
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(hostileText, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(3), words, hostileText, fc.nat(100_000)), { maxLength: 10 }),
      async (names, polls) => {
        const targets = names.map((name) => buildTarget(`icon${name}`, { labels: { circuit_id: name } }));
        const { cell, rows } = subject(replay([planned(buildPlan(targets))]));
        let ms = 0;
        for (const [index, word, reason, later] of polls) {
          ms += later;
          cell.state = reduce(cell.state, answer(instant(ms), word, reason, targets[index]?.key));
          expect(texts(await rows())).toEqual(plainTexts(cell.state));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("createInterconnectRows() keeps the very body while nothing changes, and of families without a change", async () => {
  const { cell, rows } = subject(replay([planned(buildPlan([FIRST, SECOND]))]));
  cell.state = reduce(cell.state, answer(instant(1), "Healthy", "", FIRST.key));
  const before = await rows();
  expect(await rows()).toBe(before);
  cell.state = reduce(cell.state, answer(instant(60_000), "Healthy", "", FIRST.key));
  const after = await rows();
  const kept = after.families.filter((_, index) => after.rows[index] === before.rows[index]);
  const names = kept.map(({ name }) => name.replace("cloudflare_interconnect_", ""));
  expect(names).toEqual(expect.arrayContaining(["state", "info", "expected_state"]));
  expect(names).not.toContain("polls_total");
});

test("createInterconnectRows() writes the new plan's labels, and drops those that left", async () => {
  const { cell, rows } = subject(replay([planned(buildPlan([FIRST, SECOND]))]));
  expect(texts(await rows()).join("")).toContain('circuit_id="XC-1",provider=""');
  cell.state = reduce(cell.state, planned(buildPlan([SECOND])));
  const text = texts(await rows()).join("");
  expect(text).not.toContain("icon-01");
  expect(text).not.toContain("circuit_id");
  expect(text).toContain(String.raw`provider="Say \"hi\"\\\n"`);
});

test("createInterconnectRows() gives way to the event loop every 500 renderings of an interconnect or so", async () => {
  const targets = Array.from({ length: 2960 }, (_, index) => buildTarget(`icon-${index}`));
  const { cell, rows } = subject(replay([planned(buildPlan(targets))]));
  const families = (await rows()).families.length;
  expect(cell.turns).toBeGreaterThanOrEqual(families * 2);
  cell.turns = 0;
  cell.state = {
    ...cell.state,
    entries: Entries.of(cell.state.entries.all.map((entry) => ({ ...entry, polls: 7 }))),
  };
  await rows();
  // Three families read the number of polls.
  expect(cell.turns).toBeGreaterThanOrEqual(3);
});

test("createInterconnectRows() shows one state, although it changes while rows are made", async () => {
  const { key } = FIRST;
  let state = replay([planned(buildPlan([FIRST]))]);
  let ms = 0;
  const rows = createInterconnectRows(
    () => state,
    async () => {
      ms += 60_000;
      state = reduce(state, answer(instant(ms), ms % 120_000 === 0 ? "Down" : "Healthy", "", key));
    },
  );
  for (let nth = 0; nth < 5; nth += 1) {
    const body = await rows();
    expect(texts(body)).toEqual(plainTexts(body.state));
  }
});

test("createInterconnectRows() has every family and no row without interconnects", async () => {
  const { rows } = subject(EMPTY_STATE);
  expect(new Set(texts(await rows()))).toEqual(new Set([""]));
});

test("createInterconnectRows() never writes to what it gave out, so that a client may read it slowly", async () => {
  const { cell, rows } = subject(replay([planned(buildPlan([FIRST, SECOND]))]));
  const kept: { readonly bytes: Buffer; readonly text: string }[] = [];
  for (let nth = 0; nth < 6; nth += 1) {
    const word = nth % 2 === 0 ? "Down" : "Healthy";
    cell.state = reduce(
      cell.state,
      answer(instant(nth * 60_000), word, `reason ${"x".repeat(nth)}`, FIRST.key),
    );
    const body = await rows();
    for (const { bytes } of body.rows) kept.push({ bytes, text: bytes.toString() });
    expect(texts(body)).toEqual(plainTexts(cell.state));
  }
  expect(kept.map(({ bytes }) => bytes.toString())).toEqual(kept.map(({ text }) => text));
});

/** The entry, and how often anything was read of it. */
function watched(entry: Entry): { readonly entry: Entry; readonly reads: () => number } {
  let reads = 0;
  const proxy = new Proxy(entry, {
    get(target, name) {
      if (name !== "target") reads += 1;
      return Reflect.get(target, name);
    },
  });
  return { entry: proxy, reads: () => reads };
}

test("createInterconnectRows() reads nothing of entries that are the same, whatever else is new in the state", async () => {
  const { cell, rows } = subject(replay([planned(buildPlan([FIRST, SECOND]))]));
  const entries = cell.state.entries.all.map(watched);
  cell.state = { ...cell.state, entries: Entries.of(entries.map(({ entry }) => entry)) };
  const before = await rows();
  const counts = entries.map(({ reads }) => reads());
  expect(counts.every((count) => count > 0)).toBe(true);
  cell.state = { ...cell.state, plan: { ...cell.state.plan, staleAfterMs: {} } };
  const after = await rows();
  expect(entries.map(({ reads }) => reads())).toEqual(counts);
  expect(after.rows.every((each, index) => each === before.rows[index])).toBe(true);
});

test("createInterconnectRows() renders of a new plan the entries that are new alone", async () => {
  const third = buildTarget("icon-03", { labels: { provider: "", circuit_id: "" } });
  const { cell, rows } = subject(replay([planned(buildPlan([FIRST, SECOND]))]));
  const entries = cell.state.entries.all.map(watched);
  cell.state = { ...cell.state, entries: Entries.of(entries.map(({ entry }) => entry)) };
  await rows();
  for (const targets of [
    [third, FIRST, SECOND],
    [SECOND, third, FIRST],
    [FIRST, SECOND],
  ]) {
    const counts = entries.map(({ reads }) => reads());
    cell.state = reduce(cell.state, planned(buildPlan(targets)));
    expect(texts(await rows())).toHaveLength(FAMILIES);
    expect(entries.map(({ reads }) => reads())).toEqual(counts);
    expect(texts(await rows())).toEqual(plainTexts(cell.state));
    await rows();
  }
});
