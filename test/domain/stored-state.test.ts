import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STATES, LINK_STATES } from "../../src/domain/link-state.ts";
import { readStoredState, StoredStateError } from "../../src/domain/read-stored-state.ts";
import { encodeState, instantOf, type StoredState } from "../../src/domain/stored-state.ts";
import { type History, NO_HISTORY } from "../../src/domain/history.ts";
import { NO_INFO } from "../../src/domain/target.ts";
import { instant } from "../helpers/entry-builder.ts";
import { brokenText } from "../helpers/hostile-text.ts";

const NOW = instant(0);

const HISTORY: History = {
  changes: [{ atUnixMs: 1, from: "Healthy", to: "Down", reason: "no light", reasonClass: "no_light" }],
  polls: [{ outcome: "answered", atUnixMs: 2, word: "Down", cfRay: undefined }],
  failures: [],
};

const STATE: StoredState = {
  writtenMs: instant(-500).unixMs,
  clean: false,
  budget: 600,
  interconnects: new Map([
    [
      "production/icon-01",
      {
        state: "Unknown",
        since: instant(-60_000),
        changed: instant(-60_000),
        lastKnown: "Down",
        lastSuccess: instant(-90_000),
        reason: { text: 'no\u2028light \u0000 "quoted"', class: "timeout" },
        history: HISTORY,
      },
    ],
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

const textOf = (state: StoredState): string => `${[...encodeState(state)].join("\n")}\n`;

describe("readStoredState()", () => {
  test("reads what encodeState() wrote", () => {
    expect(readStoredState(textOf(STATE), NOW)).toEqual(STATE);
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
          expect(readStoredState(textOf({ ...STATE, interconnects }), NOW).interconnects).toEqual(
            interconnects,
          );
        },
      ),
    );
  });

  test("takes a time in the future for now: the clock was set back", () => {
    const earlier = { unixMs: NOW.unixMs - 120_000, monoMs: 77_000 };
    const read = readStoredState(textOf(STATE), earlier);
    expect(read.interconnects.get("production/icon-01")).toMatchObject({
      since: earlier,
      lastSuccess: earlier,
    });
  });

  test("survives the times of a clock that was far off", () => {
    const odd = { ...STATE, writtenMs: -5, usages: new Map([["k", { sent: [], pausedUntilMs: 0.5 }]]) };
    expect(readStoredState(textOf(odd), NOW)).toMatchObject({ writtenMs: 0 });
  });

  test.each([
    ["", "Line 1: expected a JSON object"],
    ["{}", "Line 1: expected a state file"],
    ["[1]", "Line 1: expected a state file"],
    ["null", "Line 1: expected a JSON object"],
    ["\u0000\u0000", "Line 1: expected a JSON object"],
  ])("refuses %j", (text, message) => {
    expect(() => readStoredState(text, NOW)).toThrow(new StoredStateError(message));
  });

  test("refuses a file that was cut, wherever", () => {
    const text = textOf(STATE);
    for (let length = 0; length < text.length - 1; length += 1) {
      expect(() => readStoredState(text.slice(0, length), NOW)).toThrow(StoredStateError);
    }
  });

  test.each([
    ['"version":1', '"version":2', "Line 1: expected version 1, got 2"],
    ['"clean":false', '"clean":0', "Line 1: clean: expected true or false"],
    ['"budget":600', '"budget":-1', "Line 1: budget: expected a whole number"],
    ['"written_ms":', '"written":', "Line 1: written_ms: expected a whole number"],
    ['"credential":"', '"credential":7,"x":"', "Line 2: credential: expected text"],
    ['"sent":[[', '"sent":0,"x":[[', "Line 3: sent: expected a list"],
    [",12]", ",-12]", "Line 3: sent: expected pairs of a Unix time and a number"],
    [",12]", ",12,1]", "Line 3: sent: expected pairs of a Unix time and a number"],
    ["[[1799999990,12]", "[12", "Line 3: sent: expected pairs of a Unix time and a number"],
    ['"listed":"production"', '"listed":"lab"', "Line 5: listed: expected the account of a listing"],
    ['"site":"EWR"', '"site":1', "Line 5: info.site: expected text"],
    ['"info":{', '"info":null,"x":{', "Line 5: info.type: expected text"],
    ['"state":"Unknown"', '"state":"Broken"', "Line 7: state: expected a state"],
    ['"last_known":"Down"', '"last_known":"Unknown"', "Line 7: last_known: expected a state of the API"],
    ['"since_ms":1', '"since_ms":1.', "Line 7: since_ms: expected a whole number"],
    ['"changes":[{', '"changes":[7,{', "Line 7: history: expected a history of changes and polls"],
    ['{"interconnect"', '{"unheard"', "Line 7: listed: expected text"],
    ['{"interconnect"', '"interconnect"', "Line 7: expected a JSON object"],
  ])("refuses a line in which %s reads %s", (from, to, message) => {
    const text = textOf(STATE);
    const broken = text.replace(from, to);
    expect(broken).not.toBe(text);
    expect(() => readStoredState(broken, NOW)).toThrow(new StoredStateError(message));
  });
});

test("instantOf() is the same moment on both clocks", () => {
  expect(instantOf(instant(-5).unixMs, NOW)).toEqual(instant(-5));
  expect(instantOf(instant(5).unixMs, NOW)).toEqual(NOW);
});
