import { expect, test } from "vitest";
import { ApiError, FAILURE_KINDS } from "../../src/domain/failure.ts";
import { type AskStatus, createPoller, type Poll } from "../../src/poll/poller.ts";
import { buildTarget } from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog, type SinkLog } from "../helpers/sink-log.ts";

const target = buildTarget();
const slot = { dueMs: 1, latestMs: 2 };
const quiet = new AbortController().signal;

function subject(ask: AskStatus): { readonly poll: Poll; readonly clock: FakeClock; readonly log: SinkLog } {
  const clock = new FakeClock();
  const log = createSinkLog();
  return { poll: createPoller(ask, clock, log), clock, log };
}

test("createPoller() makes an event of an answer, dated when it came", async () => {
  const asked: unknown[] = [];
  const { poll, clock, log } = subject(async (...args) => {
    asked.push(args);
    await clock.sleep(700);
    return { word: "Down", reason: "no light", cfRay: "ray-1" };
  });
  const polled = poll(target, slot, quiet);
  await clock.advance(700);
  expect(await polled).toEqual({
    type: "poll-succeeded",
    at: clock.now(),
    key: target.key,
    word: "Down",
    reason: "no light",
    cfRay: "ray-1",
  });
  expect(asked).toEqual([[target, slot, quiet, expect.any(Function)]]);
  expect(log.lines).toEqual([]);
});

test.each(FAILURE_KINDS)(
  "createPoller() makes an event of an ApiError of kind %s, and logs nothing itself",
  async (kind) => {
    const { poll, clock, log } = subject(async () => {
      throw new ApiError(kind, "What the API said", { cfRay: "ray-1" });
    });
    expect(await poll(target, slot, quiet)).toEqual({
      type: "poll-failed",
      at: clock.now(),
      key: target.key,
      failure: { kind, message: "What the API said", cfRay: "ray-1" },
    });
    expect(log.lines).toEqual([]);
  },
);

test("createPoller() measures from its turn to its end, and nothing when the turn never came", async () => {
  const { poll, clock } = subject(async (_target, _slot, _signal, onTurn) => {
    await clock.sleep(5000);
    onTurn();
    await clock.sleep(700);
    throw new ApiError("timeout", "No answer");
  });
  const polled = poll(target, slot, quiet);
  await clock.advance(5000);
  await clock.advance(700);
  expect(await polled).toMatchObject({ type: "poll-failed", durationMs: 700 });
  const { poll: unsent } = subject(async () => {
    throw new ApiError("throttled", "No budget");
  });
  expect(await unsent(target, slot, quiet)).toMatchObject({ durationMs: undefined });
});

test("createPoller() leaves cfRay out where there is none", async () => {
  const { poll } = subject(async () => {
    throw new ApiError("timeout", "No answer");
  });
  const event = await poll(target, slot, quiet);
  expect(event?.type === "poll-failed" && Object.keys(event.failure)).toEqual(["kind", "message"]);
});

test.each([new TypeError("x is not a function"), "a thrown text", undefined])(
  "createPoller() takes %s for a bug of ours: internal, logged, and no rejection",
  async (thrown) => {
    const { poll, log } = subject(() => Promise.reject(thrown));
    expect(await poll(target, slot, quiet)).toMatchObject({
      type: "poll-failed",
      key: target.key,
      failure: { kind: "internal", message: expect.stringContaining(String(thrown)) },
    });
    expect(log.lines).toEqual([
      {
        level: "error",
        message: "Bug in a poll",
        fields: { err: thrown, account: "production", interconnect: "icon-ewr-01" },
      },
    ]);
  },
);

test("createPoller() survives an ask that throws before it returns a promise", async () => {
  const { poll } = subject(() => {
    throw new Error("bug");
  });
  expect(await poll(target, slot, quiet)).toMatchObject({ failure: { kind: "internal" } });
});

test.each([new ApiError("timeout", "No answer"), new Error("aborted")])(
  "createPoller() counts an aborted poll as none, whatever it fails with (%s)",
  async (error) => {
    const controller = new AbortController();
    const { poll, log } = subject(() => {
      controller.abort();
      return Promise.reject(error);
    });
    expect(await poll(target, slot, controller.signal)).toBeUndefined();
    expect(log.lines).toEqual([]);
  },
);
