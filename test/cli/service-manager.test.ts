import { describe, expect, test } from "vitest";
import { createServiceManager } from "../../src/cli/service-manager.ts";
import { createFakeSystemd } from "../helpers/fake-systemd.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { createSinkLog } from "../helpers/sink-log.ts";

const PID = 4711;
const MINUTE = { WATCHDOG_USEC: "60000000", WATCHDOG_PID: "4711" };

function managed(env: Readonly<Record<string, string>>) {
  const clock = new FakeClock();
  const log = createSinkLog();
  const manager = createServiceManager({ env, pid: PID, clock, log });
  return {
    ...manager,
    log,
    /** Turns of the scheduler, one a second, each told before the next. */
    async turn(seconds: number): Promise<void> {
      for (let count = 0; count < seconds; count += 1) {
        manager.turned();
        await manager[Symbol.asyncDispose]();
        await clock.advance(1000);
      }
    },
    pass: (ms: number) => clock.advance(ms),
  };
}

describe("what is told", () => {
  test("is told in order, by a program that gets no other variable", async () => {
    await using systemd = await createFakeSystemd();
    const it = managed({ ...systemd.env, LISTEN_FDS: "1", LISTEN_PID: "4711", CLOUDFLARE_API_TOKEN: "x" });
    it.ready();
    it.reloading();
    it.reloaded(true);
    it.reloading();
    it.reloaded(false);
    it.stopping();
    await it[Symbol.asyncDispose]();
    const told = (await systemd.told()).map((line) => line.replace(/MONOTONIC_USEC=\d+/, "MONOTONIC_USEC=N"));
    expect(told).toEqual([
      "READY=1 STATUS=Polling and serving",
      "RELOADING=1 MONOTONIC_USEC=N STATUS=Reading the configuration again",
      "READY=1 STATUS=Polling and serving",
      "RELOADING=1 MONOTONIC_USEC=N STATUS=Reading the configuration again",
      "READY=1 STATUS=Polling and serving; the configuration was not reloaded, the one before stays in effect, see the log",
      "STOPPING=1 STATUS=Ending polls and answers under way",
    ]);
    expect(await systemd.variables()).toEqual(["NOTIFY_SOCKET", "PATH"]);
    expect(it.log.lines).toEqual([]);
  });

  test("is not that it is ready, once it stops", async () => {
    await using systemd = await createFakeSystemd();
    const it = managed(systemd.env);
    it.stopping();
    it.reloaded(false);
    await it[Symbol.asyncDispose]();
    expect(await systemd.told()).toEqual(["STOPPING=1 STATUS=Ending polls and answers under way"]);
  });

  test.each([{}, { NOTIFY_SOCKET: "" }])("is nothing where nobody listens: %j", async (socket) => {
    // A program that is called all the same could not be found, which would be in the log.
    const it = managed({ ...socket, ...MINUTE, PATH: "/nonexistent" });
    it.ready();
    await it.turn(2);
    it.stopping();
    await it[Symbol.asyncDispose]();
    expect(it.log.lines).toEqual([]);
  });
});

describe("the watchdog", () => {
  test("is fed at the first turn and then each half of its time, by turns alone", async () => {
    await using systemd = await createFakeSystemd();
    const it = managed({ ...systemd.env, ...MINUTE });
    await it.turn(30);
    expect(await systemd.told()).toEqual(["WATCHDOG=1"]);
    await it.turn(31);
    expect(await systemd.told()).toEqual(Array(3).fill("WATCHDOG=1"));
    // The scheduler is wedged: time goes by, and nobody turns.
    await it.pass(600_000);
    await it[Symbol.asyncDispose]();
    expect(await systemd.told()).toHaveLength(3);
  });

  test("is fed once, however many turns come while it is", async () => {
    await using systemd = await createFakeSystemd();
    const it = managed({ ...systemd.env, ...MINUTE });
    for (let count = 0; count < 5; count += 1) it.turned();
    await it[Symbol.asyncDispose]();
    expect(await systemd.told()).toEqual(["WATCHDOG=1"]);
  });

  test.each([
    {},
    { WATCHDOG_USEC: "60000000", WATCHDOG_PID: "1" },
    { WATCHDOG_USEC: "0" },
    { WATCHDOG_USEC: "soon" },
  ])("is not fed where there is none for this process: %j", async (watchdog) => {
    await using systemd = await createFakeSystemd();
    const it = managed({ ...systemd.env, ...watchdog });
    await it.turn(3);
    expect(await systemd.told()).toEqual([""]);
  });

  test("is fed without WATCHDOG_PID, and again at the next turn when that failed", async () => {
    await using systemd = await createFakeSystemd();
    const it = managed({ ...systemd.env, WATCHDOG_USEC: "60000000" });
    await it.turn(1);
    await it.pass(30_000);
    await systemd.refuse();
    await it.turn(3);
    expect(it.log.lines.map(({ level, fields }) => [level, fields["error"]])).toEqual([
      ["warn", "Refused"],
      ["debug", "Refused"],
      ["debug", "Refused"],
    ]);
  });
});

test("a machine without systemd-notify is one warning, and no failure", async () => {
  const it = managed({ NOTIFY_SOCKET: "/run/systemd/notify", PATH: "/nonexistent" });
  it.ready();
  await it[Symbol.asyncDispose]();
  it.reloading();
  await it[Symbol.asyncDispose]();
  expect(it.log.lines.map(({ level }) => level)).toEqual(["warn", "debug"]);
  expect(it.log.lines.slice(0, 1)).toEqual([
    {
      level: "warn",
      message: "Cannot tell systemd how it goes",
      fields: { error: "there is no program systemd-notify in PATH" },
    },
  ]);
});
