import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { configFor } from "../helpers/e2e-account.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { until } from "../helpers/until.ts";

const MAIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
const MARK = new URL("../helpers/first-instruction.ts", import.meta.url);
const DELAYS_MS = [0, 30, 100, 300];
/** Of each kind; with 20 it takes some minutes. */
const STARTS = Number(process.env["EARLY_SIGNAL_STARTS"] ?? 2);
const TIMEOUT_MS = 30_000 + STARTS * 15_000;
const STOPPED_WITHIN_MS = 5000;
/** Nobody answers: no poll gets anywhere. */
const CONFIG = configFor({ baseUrl: "http://127.0.0.1:9/client/v4" }, ["icon-ewr-01"], {});
/** As in a container. Process numbers are the machine's to root alone, or to somebody who is root in a space of his own. */
const AS_PROCESS_1 = [
  "unshare",
  ...(process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"]),
  "--pid",
  "--fork",
  "--kill-child",
];

/** The daemon right after its first instruction. */
async function startEarly(before: readonly string[]) {
  await using started = new AsyncDisposableStack();
  const folder = started.use(await createTempFolder({ "config.yaml": JSON.stringify(CONFIG) }));
  const node = [process.execPath, "--import", MARK.href, MAIN, "run", "--web.listen-address=127.0.0.1:0"];
  const [program = "", ...args] = [...before, ...node];
  const child = spawn(program, args, { cwd: folder.path, stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  started.defer(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let log = "";
  child.stdio[2]?.on("data", (data) => (log += String(data)));
  const mark = child.stdio[3];
  if (mark === null || mark === undefined) throw new Error("Expected descriptor 3 to be a pipe");
  await once(mark, "data");
  const pid = before.length === 0 ? (child.pid ?? 0) : childOf(child.pid ?? 0);
  const running = started.move();
  return {
    ended,
    log: () => log,
    kill: (signal: "SIGHUP" | "SIGTERM") => process.kill(pid, signal),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
}

/** One by one: a neighbour that takes the core between the mark and the handlers would make a signal Node's. */
async function everyStart(start: () => Promise<void>): Promise<void> {
  for (let done = 0; done < STARTS; done += 1) await start();
}

describe.each([
  ["by itself", []],
  ["as process 1", AS_PROCESS_1],
])("the built daemon %s, so many ms after its first instruction", (_, before) => {
  test.each(DELAYS_MS)(
    "%d: SIGTERM ends it with 0",
    (delayMs) =>
      everyStart(async () => {
        await using daemon = await startEarly(before);
        await sleep(delayMs);
        const startMs = performance.now();
        daemon.kill("SIGTERM");
        expect(await daemon.ended).toEqual([0, null]);
        expect(performance.now() - startMs).toBeLessThan(STOPPED_WITHIN_MS);
      }),
    TIMEOUT_MS,
  );

  test.each(DELAYS_MS)(
    "%d: SIGHUP is remembered and reloads",
    (delayMs) =>
      everyStart(async () => {
        await using daemon = await startEarly(before);
        await sleep(delayMs);
        daemon.kill("SIGHUP");
        const line = await until(
          "the reload",
          () => /.*"msg":"Configuration reloaded".*/.exec(daemon.log())?.[0],
        );
        expect(line).toContain('"trigger":"SIGHUP"');
      }),
    TIMEOUT_MS,
  );
});
