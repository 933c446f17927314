import * as fc from "fast-check";
import { expect, test } from "vitest";
import { classifyResponse } from "../../src/api/classify-response.ts";
import { decodeStatus } from "../../src/api/get-status.ts";
import { newAccountRecords } from "../../src/daemon/account-records.ts";
import { createClockWatch } from "../../src/daemon/clock-watch.ts";
import { rememberedOf } from "../../src/domain/entry.ts";
import type { State } from "../../src/domain/link-state.ts";
import { entryOf } from "../../src/domain/state.ts";
import { createPoller } from "../../src/poll/poller.ts";
import { createStore } from "../../src/poll/store.ts";
import { decodeSavedState, encodeSavedState } from "../../src/storage/saved-state.ts";
import { buildPlan, buildTarget, planned, STALE_AFTER_MS } from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog } from "../helpers/sink-log.ts";

const TARGET = buildTarget();
const ERRORS = '"errors":[{"code":1000,"message":"Interconnect not found"}],"messages":[]';

/** What says in the API's form that the circuit is Healthy, as a 200. */
const HEALTHY = [
  '{"state":"Healthy"}',
  '{"state":"Healthy","reason":null,"since":1}',
  '{"success":true,"errors":[],"messages":[],"result":{"state":"Healthy","reason":"ok"}}',
];
/** What says in the API's form that it does not know the circuit, as a 404. */
const NOT_FOUND = [`{"success":false,${ERRORS},"result":null}`, `{"success":false,${ERRORS}}`];
/** What says so of another state, or a word that we do not know. */
const OTHER = ['{"state":"Down"}', '{"state":"Unhealthy","reason":"no light"}', '{"state":" Healthy "}'];
/** What looks like one of them. */
const NEITHER = [
  "",
  "<!DOCTYPE html><title>Healthy</title>",
  "404 page not found",
  "Healthy",
  '"Healthy"',
  "null",
  '{"state":"Healthy"',
  '[{"state":"Healthy"}]',
  '{"status":"Healthy"}',
  '{"result":{"state":"Healthy"}}',
  `{"success":false,${ERRORS},"result":{"state":"Healthy"}}`,
  `{"success":false,${ERRORS},"state":"Healthy"}`,
  '{"success":"false","state":"Healthy"}',
  '{"success":null,"result":{"state":"Healthy"},"state":"Healthy"}',
  '{"success":true,"result":null,"state":"Healthy"}',
  '{"success":true,"result":{"success":false,"state":"Healthy"}}',
  '{"errors":[{"code":7003,"message":"Could not route"}]}',
];
const STATUSES = [200, 201, 204, 206, 301, 400, 401, 403, 404, 404, 404, 410, 429, 500, 503, 530];

interface Reply {
  readonly status: number;
  readonly body: string;
}

type Step =
  | ({ readonly does: "answer" } & Reply)
  | { readonly does: "pass"; readonly seconds: number }
  /** The machine stands still, so that the wall clock alone runs on. */
  | { readonly does: "suspend"; readonly seconds: number }
  | { readonly does: "set clock"; readonly bySeconds: number }
  | { readonly does: "restart"; readonly downSeconds: number };

const reply: fc.Arbitrary<Reply> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ status: fc.constant(200), body: fc.constantFrom(...HEALTHY) }) },
  { weight: 1, arbitrary: fc.record({ status: fc.constant(404), body: fc.constantFrom(...NOT_FOUND) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      status: fc.constantFrom(...STATUSES),
      body: fc.constantFrom(...HEALTHY, ...NOT_FOUND, ...OTHER, ...NEITHER),
    }),
  },
);
const seconds = fc.oneof(fc.nat(40), fc.nat(700), fc.nat(100_000));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: reply.map(({ status, body }) => ({ does: "answer" as const, status, body })) },
  { weight: 4, arbitrary: seconds.map((each) => ({ does: "pass" as const, seconds: each })) },
  { weight: 2, arbitrary: seconds.map((each) => ({ does: "suspend" as const, seconds: 31 + each })) },
  {
    weight: 2,
    // Further ahead it looks like a machine that stood still.
    arbitrary: fc
      .integer({ min: -100_000, max: 25 })
      .map((bySeconds) => ({ does: "set clock" as const, bySeconds })),
  },
  { weight: 1, arbitrary: seconds.map((downSeconds) => ({ does: "restart" as const, downSeconds })) },
);

/** So rare that chance hardly meets it: a machine that stands still again before all could be asked again. */
const RESUMED_TWICE: Step[] = [
  { does: "answer", status: 200, body: '{"state":"Healthy"}' },
  { does: "suspend", seconds: 3600 },
  { does: "pass", seconds: 20 },
  { does: "suspend", seconds: 3600 },
  { does: "pass", seconds: 15 },
];

/** One process that polls one circuit. */
function startProcess(unixMs?: number, stateFile?: string) {
  const clock = new FakeClock(unixMs);
  const store = createStore(clock, () => undefined);
  const watch = createClockWatch({ clock, store, records: newAccountRecords(), pollSoon: () => undefined });
  const at = clock.now();
  if (stateFile !== undefined) {
    const { interconnects } = decodeSavedState(stateFile, at);
    store.dispatch({ type: "remembered", at, interconnects });
  }
  store.dispatch(planned(buildPlan([TARGET]), at));
  return {
    clock,
    entry: () => entryOf(store.read().state, TARGET.key),
    tick() {
      watch();
      store.dispatch({ type: "time-passed", at: clock.now() });
    },
    async poll({ status, body }: Reply) {
      const ask = async () => {
        if (status === 200) return decodeStatus("x", {}, body);
        throw classifyResponse({ asked: "x", status, headers: {}, body, nowUnixMs: clock.now().unixMs });
      };
      const { monoMs } = clock.now();
      const poll = createPoller(ask, clock, createSinkLog());
      const event = await poll(TARGET, { dueMs: monoMs, latestMs: monoMs }, new AbortController().signal);
      if (event !== undefined) store.dispatch(event);
    },
  };
}

type Process = ReturnType<typeof startProcess>;

function restart({ clock, entry }: Process, downSeconds: number): Process {
  const { unixMs } = clock.now();
  const known = entry();
  const remembered = known === undefined ? undefined : rememberedOf(known);
  const lines = encodeSavedState({
    writtenMs: unixMs,
    clean: true,
    budget: 600,
    credentials: new Map(),
    usages: new Map(),
    listings: new Map(),
    interconnects: remembered === undefined ? [] : [[TARGET.key, remembered]],
  });
  return startProcess(unixMs + downSeconds * 1000, `${[...lines].join("\n")}\n`);
}

/** What is true, told by a clock that nobody sets. */
interface Truth {
  readonly nowS: number;
  /** When a word for the state last came in the API's form. */
  readonly answerS: number;
  /** Until when a standstill before is forgiven, and how long they were since the last answer. */
  readonly forgivenUntilS: number;
  readonly forgivenS: number;
  readonly notFoundInARow: number;
  readonly lastWord: "healthy" | "other" | undefined;
}

const NOTHING: Truth = {
  nowS: 0,
  answerS: Number.NEGATIVE_INFINITY,
  forgivenUntilS: Number.NEGATIVE_INFINITY,
  forgivenS: 0,
  notFoundInARow: 0,
  lastWord: undefined,
};

function after(truth: Truth, each: Step): Truth {
  const { nowS } = truth;
  if (each.does === "pass") return { ...truth, nowS: nowS + each.seconds };
  if (each.does === "restart") return { ...NOTHING, nowS: nowS + each.downSeconds };
  if (each.does === "set clock") return truth;
  if (each.does === "suspend") {
    const resumedS = nowS + each.seconds;
    const going = nowS < truth.forgivenUntilS;
    return {
      ...truth,
      nowS: resumedS,
      // Time that the process did not live does not count for the 30 s in which all are asked again.
      forgivenUntilS: going ? truth.forgivenUntilS + each.seconds : resumedS + 30,
      forgivenS: each.seconds + (going ? truth.forgivenS : 0),
    };
  }
  const { status, body } = each;
  const answered = { ...truth, answerS: nowS, forgivenUntilS: Number.NEGATIVE_INFINITY, notFoundInARow: 0 };
  if (status === 200 && HEALTHY.includes(body)) return { ...answered, lastWord: "healthy" };
  if (status === 200 && OTHER.includes(body)) return { ...answered, lastWord: "other" };
  const notFound = status === 404 && body.startsWith('{"success":false');
  const notFoundInARow = notFound ? truth.notFoundInARow + 1 : 0;
  // The second 404 in a row is believed until the next answer.
  return { ...truth, notFoundInARow, lastWord: notFoundInARow > 1 ? undefined : truth.lastWord };
}

interface Played {
  readonly step: Step;
  readonly state: State | undefined;
  /** Whether an answer in the API's form says so that is not too old. */
  readonly healthy: boolean;
}

async function play(steps: readonly Step[]): Promise<readonly Played[]> {
  const played: Played[] = [];
  let process = startProcess();
  let truth = NOTHING;
  for (const each of steps) {
    truth = after(truth, each);
    if (each.does === "answer") await process.poll(each);
    else if (each.does === "pass") await process.clock.advance(each.seconds * 1000);
    else if (each.does === "restart") process = restart(process, each.downSeconds);
    else {
      const bySeconds = each.does === "suspend" ? each.seconds : each.bySeconds;
      process.clock.setWallClock(process.clock.now().unixMs + bySeconds * 1000);
    }
    process.tick();
    const forgivenS = truth.nowS < truth.forgivenUntilS ? truth.forgivenS : 0;
    const ageMs = (truth.nowS - truth.answerS - forgivenS) * 1000;
    const healthy = truth.lastWord === "healthy" && ageMs <= STALE_AFTER_MS;
    played.push({ step: each, state: process.entry()?.state, healthy });
  }
  return played;
}

test("nothing makes a circuit Healthy but an answer in the API's form within stale_after, and nothing less unmakes it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const played = await play(steps);
      expect(played.filter(({ state, healthy }) => (state === "Healthy") !== healthy)).toEqual([]);
    }),
    { numRuns: 500, examples: [[RESUMED_TWICE]] },
  );
});
