import { expect, test } from "vitest";
import { createLogger } from "../../src/cli/logger.ts";
import { createOutput } from "../../src/cli/output.ts";
import type { Taken } from "../../src/cli/sink.ts";
import { FakeClock } from "../helpers/fake-clock.ts";

const NEVER = new AbortController().signal;
const NOW = AbortSignal.abort();

interface Room {
  readonly room: number;
  readonly stopped: "full" | "failed";
}

/** An output of 200 bytes over a sink that takes as many as it has room for, and calls back at once or when told to. */
function startOutput({ room = Number.POSITIVE_INFINITY, stopped = "full" }: Partial<Room> = {}) {
  const clock = new FakeClock();
  const sink = { room, stopped, written: "", isLate: false, callBack: (): void => undefined };
  const output = createOutput({
    sink: {
      write(bytes, done) {
        const taken = bytes.subarray(0, sink.room);
        const result: Taken = {
          bytes: taken.length,
          ...(taken.length < bytes.length && { stopped: sink.stopped }),
        };
        sink.room -= taken.length;
        sink.written += taken.toString();
        if (sink.isLate) sink.callBack = () => done(result);
        else done(result);
      },
    },
    mostBytes: 200,
    clock,
  });
  return { clock, sink, output };
}

test("an output writes at once what its sink takes", async () => {
  const { sink, output } = startOutput();
  output.write("one\n");
  output.write("two\n");
  expect(sink.written).toBe("one\ntwo\n");
  expect(output.dropped()).toBe(0);
  expect(await output.end(NEVER)).toBe("written");
});

test.each([
  ["full", 50],
  ["failed", 1000],
] as const)(
  "an output over a sink that says '%s' keeps lines in order, cuts none in two, and tries again",
  async (stopped, ms) => {
    const { clock, sink, output } = startOutput({ room: 2, stopped });
    output.write("one\n");
    output.write("two\n");
    expect(sink.written).toBe("on");
    sink.room = 1000;
    await clock.advance(ms - 1);
    expect(sink.written).toBe("on");
    await clock.advance(1);
    expect(sink.written).toBe("one\ntwo\n");
    expect(clock.sleeping).toBe(0);
  },
);

test("an output holds no more than its bound, drops and counts the rest, and says so once when all flows again", async () => {
  const { clock, sink, output } = startOutput({ room: 0 });
  const log = createLogger({ logLevel: "error", logFormat: "json" }, output);
  for (let line = 0; line < 30; line += 1) output.write(`line ${String(line).padStart(4, "0")}\n`);
  expect(output.dropped()).toBe(10);
  await clock.advance(10_000);
  expect(sink.written).toBe("");
  sink.room = 10_000;
  await clock.advance(50);
  const lines = sink.written.trimEnd().split("\n");
  expect(lines.slice(0, 20)).toEqual(
    lines.slice(0, 20).map((_, index) => `line ${String(index).padStart(4, "0")}`),
  );
  expect(lines.slice(20).map((line) => JSON.parse(line))).toEqual([
    {
      level: "error",
      time: expect.any(String),
      lines: 10,
      msg: "Lines of this log were dropped: it could not be written",
    },
  ]);
  log.error({}, "Next");
  expect(sink.written.match(/were dropped/g)).toHaveLength(1);
  expect(output.dropped()).toBe(10);
});

test("the end of an output waits for a slow sink, but not for a broken one, and no longer than it is told to", async () => {
  const slow = startOutput();
  slow.sink.isLate = true;
  slow.output.write("one\n");
  const ended = slow.output.end(NEVER);
  slow.sink.callBack();
  expect(await ended).toBe("written");

  const stalled = startOutput({ room: 0 });
  stalled.output.write("one\n");
  expect(await stalled.output.end(NOW)).toBe("waiting");
  const patience = new AbortController();
  const stuck = startOutput({ room: 0 });
  stuck.output.write("one\n");
  const given = stuck.output.end(patience.signal);
  patience.abort();
  expect(await given).toBe("waiting");

  const broken = startOutput({ room: 0, stopped: "failed" });
  broken.output.write("one\n");
  expect(await broken.output.end(NEVER)).toBe("failed");
  const breaking = startOutput({ room: 0, stopped: "failed" });
  breaking.sink.isLate = true;
  breaking.output.write("one\n");
  const end = breaking.output.end(NEVER);
  breaking.sink.callBack();
  expect(await end).toBe("failed");
  // No timer is left to keep the process.
  for (const { clock } of [stalled, stuck, broken]) expect(clock.sleeping).toBe(0);
});
