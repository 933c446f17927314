#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { systemClock } from "./base/clock.ts";
import { systemRandom } from "./base/random.ts";
import { keepHeapSmall } from "./base/small-heap.ts";
import type { RunCommand } from "./cli/command.ts";
import { type Command, parseCommandLine, usage, UsageError } from "./cli/flags.ts";

/** After being asked to stop, whatever hangs. */
const STOP_WITHIN_MS = 4500;

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
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = parseCommandLine(argv);
    const { version } = JSON.parse(readText("../package.json"));
    if (args.show === "help") print(usage());
    else if (args.show === "version")
      print(`cloudflare-interconnect-exporter ${version} (node ${process.version})\n`);
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
      stop: stopSignal(),
      onHangup: (listener) => void process.on("SIGHUP", listener),
      colours: process.stdout.isTTY && !env["NO_COLOR"],
      print,
      printError,
    });
  } catch (error) {
    printError(`${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof UsageError) printError("See cloudflare-interconnect-exporter --help\n");
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

function print(text: string): void {
  process.stdout.write(text);
}

function printError(text: string): void {
  process.stderr.write(text);
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
