import * as fc from "fast-check";
import { expect, test } from "vitest";
import { classifyResponse } from "../../src/api/classify-response.ts";
import { newAccountRecords, usageOf } from "../../src/daemon/account-records.ts";
import { createClockWatch } from "../../src/daemon/clock-watch.ts";
import { recallState } from "../../src/daemon/keep-state.ts";
import { ApiError } from "../../src/domain/failure.ts";
import { CredentialQueue } from "../../src/poll/credential-queue.ts";
import { createLimits } from "../../src/poll/limits.ts";
import { createStore } from "../../src/poll/store.ts";
import { encodeSavedState } from "../../src/storage/saved-state.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog } from "../helpers/sink-log.ts";

const HOUR_S = 3600;
const DAY_S = 86_400;
const CREDENTIAL = "credential";

/** A `Retry-After` as the API writes it whose clock is off ours, and what it asks for. */
interface Limited {
  readonly does: "429";
  readonly form: "seconds" | "date" | "epoch" | "epoch-ms" | "absent" | "broken";
  readonly waitS: number;
  readonly skewS: number;
}

type Step =
  | Limited
  | { readonly does: "pass"; readonly seconds: number }
  | { readonly does: "set clock"; readonly bySeconds: number }
  | { readonly does: "restart"; readonly downSeconds: number }
  | { readonly does: "200" | "500" };

const waitS = fc.oneof(fc.nat(5), fc.nat(600), fc.nat(2 * HOUR_S), fc.nat(30 * DAY_S));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant("429" as const),
      form: fc.constantFrom("seconds", "date", "epoch", "epoch-ms", "absent", "broken"),
      waitS,
      skewS: fc.oneof(fc.constant(0), fc.integer({ min: -DAY_S, max: DAY_S })),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant("pass" as const), seconds: waitS }) },
  {
    weight: 2,
    // Further ahead it looks like a machine that stood still.
    arbitrary: fc.record({
      does: fc.constant("set clock" as const),
      bySeconds: fc.integer({ min: -DAY_S, max: 25 }).filter((seconds) => Math.abs(seconds) > 1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("restart" as const), downSeconds: fc.nat(600) }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ does: "200" as const }, { does: "500" as const }) },
);

function retryAfter({ form, waitS: wait, skewS }: Limited, nowUnixMs: number): Record<string, string> {
  const writtenS = Math.floor(nowUnixMs / 1000) + skewS;
  const date = new Date(writtenS * 1000).toUTCString();
  const untilS = writtenS + wait;
  const value = {
    seconds: String(wait),
    date: new Date(untilS * 1000).toUTCString(),
    epoch: String(untilS),
    "epoch-ms": String(untilS * 1000),
    absent: undefined,
    broken: "in a while",
  }[form];
  return value === undefined ? { date } : { date, "retry-after": value };
}

/** One process: a queue and what its credential has used. */
function startProcess(clock: FakeClock) {
  const log = createSinkLog();
  const records = newAccountRecords();
  const store = createStore(clock, () => undefined);
  const watch = createClockWatch({ clock, store, records, pollSoon: () => undefined });
  const usage = usageOf(records, CREDENTIAL);
  const queue = new CredentialQueue({
    usage,
    budget: 1_000_000,
    gapMs: 0,
    limit: createLimits(8, [CREDENTIAL])(CREDENTIAL),
    clock,
    log,
    plan: () => ({ targets: 1, intervalMs: 60_000 }),
  });
  return { clock, log, records, store, watch, usage, queue };
}

type Process = ReturnType<typeof startProcess>;

/** The next process, which knows what the one before wrote. */
async function restart(before: Process, downMs: number): Promise<Process> {
  const now = before.clock.now();
  const pausedUntilMs = Math.ceil(before.usage.pausedUntil.unixMs);
  const lines = encodeSavedState({
    writtenMs: now.unixMs,
    clean: true,
    budget: 600,
    credentials: new Map(),
    usages: new Map([[CREDENTIAL, { sent: [], pausedUntilMs }]]),
    listings: new Map(),
    interconnects: [],
  });
  const text = `${[...lines].join("\n")}\n`;
  const next = startProcess(new FakeClock(now.unixMs + downMs));
  const stateFile = {
    path: "state.json",
    read: async () => text,
    setAside: async () => "aside",
  };
  await recallState({ ...next, stateFile });
  return next;
}

/** Whether the request was sent, and not held back. */
async function isSent({ queue, clock }: Process, reply: Step): Promise<boolean> {
  let sent = false;
  const work = async (): Promise<void> => {
    sent = true;
    if (reply.does === "200") return;
    const { unixMs: nowUnixMs } = clock.now();
    const [status, headers] = reply.does === "429" ? [429, retryAfter(reply, nowUnixMs)] : [500, {}];
    throw classifyResponse({ asked: "x", status, headers, body: "", nowUnixMs });
  };
  await queue.run(work, Number.POSITIVE_INFINITY, new AbortController().signal).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
  });
  return sent;
}

interface Played {
  readonly atS: number;
  readonly sent: boolean;
  /** What had to be; what was, where either will do. */
  readonly wanted: boolean;
}

async function play(steps: readonly Step[]): Promise<readonly Played[]> {
  const played: Played[] = [];
  let process = startProcess(new FakeClock());
  /** Seconds that have truly passed, by no clock that can be set. */
  let trueS = 0;
  let quietUntilS = 0;
  let freeFromS = 0;
  for (const each of steps) {
    if (each.does === "pass") {
      await process.clock.advance(each.seconds * 1000);
      trueS += each.seconds;
    } else if (each.does === "set clock") {
      process.clock.setWallClock(process.clock.now().unixMs + each.bySeconds * 1000);
      process.watch();
    } else if (each.does === "restart") {
      process = await restart(process, each.downSeconds * 1000);
      trueS += each.downSeconds;
    } else {
      const sent = await isSent(process, each);
      const wanted = trueS >= freeFromS || (trueS >= quietUntilS && sent);
      played.push({ atS: trueS, sent, wanted });
      if (!sent || each.does !== "429") continue;
      const asked = each.form === "absent" || each.form === "broken" ? 300 : each.waitS;
      quietUntilS = Math.max(quietUntilS, trueS + Math.min(asked, HOUR_S));
      // A pause grows to 300 s at most.
      freeFromS = Math.max(freeFromS, trueS + Math.max(Math.min(asked, HOUR_S), 300));
    }
  }
  return played;
}

test("no pause is longer than an hour, or shorter than the lesser of what was asked and an hour", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const played = await play(steps);
      expect(played.filter(({ sent, wanted }) => sent !== wanted)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
