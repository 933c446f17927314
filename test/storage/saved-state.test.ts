import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Remembered } from "../../src/domain/entry.ts";
import { STATES, LINK_STATES } from "../../src/domain/link-state.ts";
import { type History, NO_HISTORY } from "../../src/domain/history.ts";
import { NO_INFO } from "../../src/domain/target.ts";
import {
  decodeSavedState,
  encodeSavedState,
  type SavedState,
  SavedStateError,
  type StateToSave,
} from "../../src/storage/saved-state.ts";
import { instant } from "../helpers/entry-builder.ts";
import { brokenText } from "../helpers/hostile-text.ts";

const NOW = instant(0);

const HISTORY: History = {
  changes: [{ atUnixMs: 1, from: "Healthy", to: "Down", reason: "no light", reasonClass: "no_light" }],
  polls: [{ outcome: "answered", atUnixMs: 2, word: "Down", cfRay: undefined }],
  failures: [],
};

const REMEMBERED: Remembered = {
  state: "Unknown",
  since: instant(-60_000),
  changed: instant(-60_000),
  lastKnown: "Down",
  lastSuccess: instant(-90_000),
  reason: { text: 'no\u2028light \u0000 "quoted"', class: "timeout" },
  history: HISTORY,
};

const STATE: SavedState = {
  writtenMs: instant(-500).unixMs,
  clean: false,
  budget: 600,
  interconnects: new Map([
    ["production/icon-01", REMEMBERED],
    [
      "production/icon-02",
      {
        state: "Unknown",
        since: instant(-1),
        changed: undefined,
        lastKnown: undefined,
        lastSuccess: instant(-1),
        reason: { text: "", class: "none" },
        history: NO_HISTORY,
      },
    ],
  ]),
  listings: new Map([
    [
      "production",
      {
        accountId: "023e105f4ecef8ad9ca31a8372d0c353",
        wanted: undefined,
        discovery: {
          known: [
            { name: "icon-01", info: { ...NO_INFO, site: "EWR", slotId: "7" }, missedLists: 1 },
            { name: "icon-02", info: NO_INFO, missedLists: 0 },
          ],
          emptyLists: 2,
        },
        pages: 3,
        listed: instant(-3000),
      },
    ],
  ]),
  usages: new Map([
    [
      "0123abcd",
      {
        sent: [
          [1_799_999_990, 12],
          [1_799_999_991, 1],
        ],
        pausedUntilMs: 1_800_000_060_000,
      },
    ],
  ]),
  credentials: new Map([["production", "0123abcd"]]),
};

const textOf = (state: StateToSave): string => `${[...encodeSavedState(state)].join("\n")}\n`;

describe("encodeSavedState()", () => {
  test("makes the line of what has not changed once, and under another key anew", () => {
    let looks = 0;
    const counted = {
      ...REMEMBERED,
      get state() {
        looks += 1;
        return "Down" as const;
      },
    };
    const linesUnder = (key: string) => [...encodeSavedState({ ...STATE, interconnects: [[key, counted]] })];
    const first = linesUnder("a/b");
    expect([linesUnder("a/b"), looks]).toEqual([first, 1]);
    expect([linesUnder("a/c").join("\n"), looks]).toEqual([first.join("\n").replace("a/b", "a/c"), 2]);
  });
});

describe("decodeSavedState()", () => {
  test("reads what encodeSavedState() wrote", () => {
    expect(decodeSavedState(textOf(STATE), NOW)).toEqual(STATE);
  });

  test("reads a file of the version before, written until it was killed, and writes it just so", () => {
    const text = readFileSync("test/storage/state-version-1.jsonl", "utf8");
    const later = { unixMs: 1_795_907_050_000, monoMs: 3000 };
    const read = decodeSavedState(text, later);
    expect(read).toMatchObject({ writtenMs: 1_795_907_047_074, clean: false, budget: 1000 });
    const [production, lab] = [...read.credentials.values()];
    expect([...read.credentials.keys()]).toEqual(["production", "lab"]);
    expect(read.usages.get(production ?? "")?.sent).toHaveLength(5);
    expect(read.usages.get(lab ?? "")?.pausedUntilMs).toBe(1_795_907_106_536);
    expect(read.listings.get("lab")?.discovery.known.map(({ name }) => name)).toEqual([
      "icon-fra-01",
      "icon-sin-02",
    ]);
    expect([...read.interconnects].map(([key, { state, lastKnown }]) => [key, state, lastKnown])).toEqual([
      ["production/icon-ewr-01", "Down", "Down"],
      ["production/icon-lhr-02", "Unknown", "Healthy"],
      ["lab/icon-fra-01", "Healthy", "Healthy"],
      ["lab/icon-sin-02", "Healthy", "Healthy"],
    ]);
    expect(read.interconnects.get("production/icon-ewr-01")?.since).toEqual({
      unixMs: 1_795_907_044_914,
      monoMs: 3000 - 5086,
    });
    expect(read.interconnects.get("lab/icon-sin-02")?.history.failures[0]?.failure.kind).toBe("rate_limited");
    expect(textOf(read)).toBe(text);
  });

  test("reads whatever texts there are", () => {
    fc.assert(
      fc.property(
        brokenText,
        fc.constantFrom(...STATES),
        fc.option(fc.constantFrom(...LINK_STATES), { nil: undefined }),
        (text, state, lastKnown) => {
          const known = { state, lastKnown, since: NOW, changed: NOW, lastSuccess: NOW, history: NO_HISTORY };
          const entry = [text, { ...known, reason: { text, class: text } }] as const;
          const interconnects = new Map([entry]);
          expect(decodeSavedState(textOf({ ...STATE, interconnects }), NOW).interconnects).toEqual(
            interconnects,
          );
        },
      ),
    );
  });

  test("takes a time in the future for now: the clock was set back", () => {
    const earlier = { unixMs: NOW.unixMs - 120_000, monoMs: 77_000 };
    const read = decodeSavedState(textOf(STATE), earlier);
    expect(read.interconnects.get("production/icon-01")).toMatchObject({
      since: earlier,
      lastSuccess: earlier,
    });
  });

  test("survives the times of a clock that was far off", () => {
    const odd = { ...STATE, writtenMs: -5, usages: new Map([["k", { sent: [], pausedUntilMs: 0.5 }]]) };
    expect(decodeSavedState(textOf(odd), NOW)).toMatchObject({ writtenMs: 0 });
  });

  test.each([
    ["", "Line 1: expected a JSON object"],
    ["{}", "Line 1: expected a state file"],
    ["[1]", "Line 1: expected a state file"],
    ["null", "Line 1: expected a JSON object"],
    ["\u0000\u0000", "Line 1: expected a JSON object"],
  ])("refuses %j", (text, message) => {
    expect(() => decodeSavedState(text, NOW)).toThrow(
      expect.objectContaining({ name: "SavedStateError", message }),
    );
  });

  test("refuses a file that was cut, wherever", () => {
    const text = textOf(STATE);
    for (let length = 0; length < text.length - 1; length += 1) {
      expect(() => decodeSavedState(text.slice(0, length), NOW)).toThrow(SavedStateError);
    }
  });

  test.each([
    ['"version":1', '"version":2', "Line 1: expected version 1, got 2"],
    ['"clean":false', '"clean":0', "Line 1: clean: expected true or false"],
    ['"budget":600', '"budget":-1', "Line 1: budget: expected a whole number"],
    ['"written_ms":', '"written":', "Line 1: written_ms: expected a whole number"],
    ['"credential":"', '"credential":7,"x":"', "Line 2: credential: expected text"],
    ['"sent":[[', '"sent":0,"x":[[', "Line 3: sent: expected a list"],
    [",12]", ",-12]", "Line 3: sent[0][1]: expected a whole number"],
    [",12]", ",12,1]", "Line 3: sent[0]: expected a pair of a Unix time and a number"],
    ["[[1799999990,12]", "[12", "Line 3: sent[0]: expected a pair of a Unix time and a number"],
    ['"listed":"production"', '"listed":"lab"', "Line 5: listed: expected the account of a listing"],
    ['"site":"EWR"', '"site":1', "Line 5: info.site: expected text"],
    ['"info":{', '"info":null,"x":{', "Line 5: info: expected an object"],
    ['"state":"Unknown"', '"state":"Broken"', "Line 7: state: expected a state"],
    ['"last_known":"Down"', '"last_known":"Unknown"', "Line 7: last_known: expected a state of the API"],
    ['"since_ms":1', '"since_ms":1.', "Line 7: since_ms: expected a whole number"],
    ['"changes":[{', '"changes":[7,{', "Line 7: history.changes[0]: expected a change of state"],
    ['{"interconnect"', '{"unheard"', "Line 7: listed: expected text"],
    ['{"interconnect"', '"interconnect"', "Line 7: expected a JSON object"],
  ])("refuses a line in which %s reads %s", (from, to, message) => {
    const text = textOf(STATE);
    const broken = text.replace(from, to);
    expect(broken).not.toBe(text);
    expect(() => decodeSavedState(broken, NOW)).toThrow(
      expect.objectContaining({ name: "SavedStateError", message }),
    );
  });
});
