#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import { systemClock } from "./base/clock.ts";
import { systemRandom } from "./base/random.ts";
import { keepHeapSmall } from "./base/small-heap.ts";
import type { RunCommand } from "./cli/command.ts";
import { type Command, parseCommandLine, usage, UsageError } from "./cli/flags.ts";
import { createOutput } from "./cli/output.ts";
import { openSink } from "./cli/sink.ts";

/** After being asked to stop, whatever hangs. */
const STOP_WITHIN_MS = 4500;
/** What of the log waits for whoever reads it: some thousands of lines. */
const MOST_LOG_BYTES = 1024 * 1024;
/** At the end, for what is left of the log and, of a command that serves, of what it printed. */
const LAST_WORDS_MS = 500;

/** What is printed waits for its reader, however much it is. */
const stdout = createOutput({ sink: openSink(1), mostBytes: Number.POSITIVE_INFINITY, clock: systemClock });
/** A log that nobody reads is no reason to stop, to stand still or to grow. */
const stderr = createOutput({ sink: openSink(2), mostBytes: MOST_LOG_BYTES, clock: systemClock });

/** Each command is loaded when it is called: what it does not need costs no start-up time. */
const COMMANDS: Readonly<Record<Command, () => Promise<RunCommand>>> = {
  run: async () => (await import("./cli/run.ts")).run,
  check: async () => (await import("./cli/check.ts")).check,
  status: async () => (await import("./cli/status.ts")).status,
  discover: async () => (await import("./cli/discover.ts")).discover,
  simulate: async () => (await import("./cli/simulate.ts")).simulate,
  demo: async () => (await import("./cli/demo.ts")).demo,
  healthcheck: async () => (await import("./cli/healthcheck.ts")).healthcheck,
};

rememberStrippedTypes();
const stop = stopSignal();
process.exitCode = await main(process.argv.slice(2));
await endOutput();

async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = parseCommandLine(argv);
    const { version } = JSON.parse(readText("../package.json"));
    if (args.show === "help") stdout.write(usage());
    else if (args.show === "version")
      stdout.write(`cloudflare-interconnect-exporter ${version} (node ${process.version})\n`);
    if (args.show !== undefined) return 0;
    const command = await COMMANDS[args.command]();
    // Not before: loading makes much garbage at once.
    keepHeapSmall();
    const build = { version, revision: readText("revision").trim(), nodeVersion: process.version };
    const { env } = process;
    return await command({
      args,
      env,
      build,
      clock: systemClock,
      random: systemRandom,
      stop,
      onHangup: (listener) => void process.on("SIGHUP", listener),
      colours: isatty(1) && !env["NO_COLOR"],
      logOutput: stderr,
      print: stdout.write,
      printError: stderr.write,
    });
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof UsageError) stderr.write("See cloudflare-interconnect-exporter --help\n");
    // A monitoring plugin that cannot ask says UNKNOWN.
    if (argv.includes("status")) return 3;
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Run from source, stripping the types of some 200 files is a third of the start: what comes out is kept in this checkout. */
function rememberStrippedTypes(): void {
  if (!import.meta.url.endsWith(".ts")) return;
  enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/compile", import.meta.url)));
}

/** Waits for a reader of what was printed as long as he likes, unless asked to stop; the exit code is the command's own whatever becomes of the text. */
async function endOutput(): Promise<void> {
  const printed = await stdout.end(stop);
  if (printed === "failed") stderr.write("Cannot write all to standard output: it is full or closed\n");
  const patience = new AbortController();
  setTimeout(() => patience.abort(), LAST_WORDS_MS).unref();
  const logged = await stderr.end(patience.signal);
  // A write that waits for its reader would keep the process.
  if (printed === "waiting" || logged === "waiting") process.exit();
}

/**
 * Aborts at the first SIGTERM or SIGINT. The process then ends by itself, or by the timer that nothing waits for. A second
 * signal ends it at once, with 1, by our own hand: as process 1 of a container it has no default handlers.
 */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort();
      setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    });
  }
  return stop.signal;
}

/** The text of a file that lies beside this one; `""` when there is none, as for the revision when run from source. */
function readText(path: string): string {
  try {
    return readFileSync(new URL(path, import.meta.url), "utf8");
  } catch {
    return "";
  }
}
