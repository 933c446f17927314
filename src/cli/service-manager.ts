import { monotonicUs, type Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { systemdNotify } from "./systemd-notify.ts";

/** Whoever started this process and keeps it running: systemd, for a unit of `Type=notify`. Disposing waits until all is told. */
export interface ServiceManager extends AsyncDisposable {
  readonly ready: () => void;
  readonly reloading: () => void;
  readonly reloaded: (successful: boolean) => void;
  /** The scheduler has turned: that alone feeds the watchdog, as often as that asks for. */
  readonly turned: () => void;
  /** The last that is told. */
  readonly stopping: () => void;
}

interface ServiceManagerOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly clock: Clock;
  readonly log: Log;
}

const STATUS = {
  running: "STATUS=Polling and serving",
  reloading: "STATUS=Reading the configuration again",
  notReloaded:
    "STATUS=Polling and serving; the configuration was not reloaded, the one before stays in effect, see the log",
  stopping: "STATUS=Ending polls and answers under way",
} as const;

/** Tells one thing after another, as in sd_notify(3). Where nobody listens, nothing happens; that it fails ends nothing. */
export function createServiceManager({ env, pid, clock, log }: ServiceManagerOptions): ServiceManager {
  const notify = systemdNotify(env);
  const feedEveryMs = feedIntervalMs(env, pid);
  let told: Promise<unknown> = Promise.resolve();
  let fedMs: number | undefined;
  let isFeeding = false;
  let isStopping = false;
  let failing = false;

  /** Resolves to whether it could be told. */
  function tell(...assignments: readonly string[]): Promise<boolean> {
    const telling = told.then(() => tellNow(assignments));
    told = telling;
    return telling;
  }

  async function tellNow(assignments: readonly string[]): Promise<boolean> {
    if (notify === undefined) return false;
    try {
      await notify(assignments);
      failing = false;
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // At the end systemd itself may have ended the program that tells it.
      log[failing || isStopping ? "debug" : "warn"]({ error: reason }, "Cannot tell systemd how it goes");
      failing = true;
      return false;
    }
  }

  async function feed(nowMs: number): Promise<void> {
    isFeeding = true;
    if (await tell("WATCHDOG=1")) fedMs = nowMs;
    isFeeding = false;
  }

  return {
    ready: () => void tell("READY=1", STATUS.running),
    // With the time, units of Type=notify-reload work as well.
    reloading: () => void tell("RELOADING=1", `MONOTONIC_USEC=${monotonicUs()}`, STATUS.reloading),
    reloaded(successful) {
      // That it is ready would take back that it stops.
      if (!isStopping) void tell("READY=1", successful ? STATUS.running : STATUS.notReloaded);
    },
    turned() {
      const nowMs = clock.now().monoMs;
      const isDue = feedEveryMs !== undefined && (fedMs === undefined || nowMs - fedMs >= feedEveryMs);
      if (isDue && !isFeeding) void feed(nowMs);
    },
    stopping() {
      isStopping = true;
      void tell("STOPPING=1", STATUS.stopping);
    },
    async [Symbol.asyncDispose]() {
      await told;
    },
  };
}

/** Half of the time that the watchdog waits; undefined where there is none, or where it waits for another process. */
function feedIntervalMs(env: ServiceManagerOptions["env"], pid: number): number | undefined {
  const { NOTIFY_SOCKET: socket = "", WATCHDOG_USEC: usec = "", WATCHDOG_PID: watched } = env;
  const isOurs = socket !== "" && /^\d+$/.test(usec) && (watched === undefined || watched === String(pid));
  return isOurs && Number(usec) > 0 ? Number(usec) / 2000 : undefined;
}
