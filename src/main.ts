// Signals come before all else: nothing is imported here but what Node has in itself, and what is ours is loaded after them.
import { readFileSync, writeSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";

/** After being asked to stop, whatever hangs. */
const STOP_WITHIN_MS = 4500;

void main();

/** Resolves when the exit code is set. A promise in place of a top-level await, so that the guard can load this file within its own turn. */
async function main(): Promise<void> {
  const hangups = hangupSignal();
  const stop = stopSignal();
  endOnCrash();
  rememberStrippedTypes();
  const { program } = await import("./cli/program.ts");
  const ended = await program({
    argv: process.argv.slice(2),
    env: process.env,
    pid: process.pid,
    packageJson: readText("../package.json"),
    revision: readText("revision").trim(),
    runbooksFolder: fileURLToPath(new URL("../docs/runbooks", import.meta.url)),
    nodeVersion: process.version,
    stop,
    ...hangups,
  });
  process.exitCode = ended.code;
  // A write that waits for its reader would keep the process.
  if (ended.isWriting) process.exit();
}

/** As Node does by itself, but for the line of code, which is all of a file where it is minified. */
function endOnCrash(): void {
  process.on("uncaughtException", (error) => {
    try {
      writeSync(2, `${inspect(error)}\n`);
    } finally {
      process.exit(1);
    }
  });
}

/**
 * Aborts at the first SIGTERM or SIGINT. The process then ends by itself, or by the timer that nothing waits for. A second
 * signal ends it at once, with 1, by our own hand: as process 1 of a container it has no default handlers.
 */
function stopSignal(): AbortSignal {
  // Before the controller is made, which takes longer: no handler runs in between.
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, handle);
  const controller = new AbortController();
  return controller.signal;
}

/** A SIGHUP that comes before anybody listens is kept for the first who does. */
function hangupSignal() {
  let isKept = false;
  let listener = (): void => {
    isKept = true;
  };
  const handle = (): void => listener();
  process.on("SIGHUP", handle);
  return {
    onHangup(next: () => void): void {
      listener = next;
      if (isKept) next();
    },
    /** As it does by default. */
    endOnHangup(): void {
      process.off("SIGHUP", handle);
      if (isKept) process.kill(process.pid, "SIGHUP");
    },
  };
}

/** Run from source, stripping the types of some 200 files is a third of the start: what comes out is kept in this checkout. */
function rememberStrippedTypes(): void {
  if (!import.meta.url.endsWith(".ts")) return;
  enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/compile", import.meta.url)));
}

/** The text of a file that lies beside this one; `""` when there is none, as for the revision when run from source. */
function readText(path: string): string {
  try {
    return readFileSync(new URL(path, import.meta.url), "utf8");
  } catch {
    return "";
  }
}
