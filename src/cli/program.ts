import { isatty } from "node:tty";
import { systemClock } from "../base/clock.ts";
import { systemRandom } from "../base/random.ts";
import { keepHeapSmall } from "../base/small-heap.ts";
import type { CommandContext, RunCommand } from "./command.ts";
import { parseCommandLine } from "./command-line.ts";
import { UsageError } from "./flag-values.ts";
import { type Command, usage } from "./flags.ts";
import { createOutput, type Output } from "./output.ts";
import { openSink } from "./sink.ts";
import { nameSourceLines } from "./source-lines.ts";

/** What `main.ts` knows of the process. */
interface ProgramOptions extends Pick<
  CommandContext,
  "env" | "pid" | "runbooksFolder" | "stop" | "onHangup"
> {
  readonly argv: readonly string[];
  readonly packageJson: string;
  readonly revision: string;
  readonly nodeVersion: string;
  /** From now on SIGHUP ends the process, one that has come already included. */
  readonly endOnHangup: () => void;
}

interface Ended {
  readonly code: number;
  /** Whether text is left that waits for its reader. */
  readonly isWriting: boolean;
}

/** Each command is loaded when it is called: what it does not need costs no start-up time. */
const COMMANDS: Readonly<Record<Command, () => Promise<RunCommand>>> = {
  run: async () => (await import("./run.ts")).run,
  check: async () => (await import("./check.ts")).check,
  status: async () => (await import("./status.ts")).status,
  discover: async () => (await import("./discover.ts")).discover,
  simulate: async () => (await import("./simulate.ts")).simulate,
  demo: async () => (await import("./demo.ts")).demo,
  healthcheck: async () => (await import("./healthcheck.ts")).healthcheck,
};
/** They end when they are asked to. */
const SERVING: ReadonlySet<Command> = new Set(["run", "simulate", "demo"]);

/** What of the log waits for whoever reads it: some thousands of lines. */
const MOST_LOG_BYTES = 1024 * 1024;
/** At the end, for what is left of the log. */
const LAST_WORDS_MS = 500;

/** Runs what the command line asks for, to its end and that of its output. */
export async function program(options: ProgramOptions, open = openSink): Promise<Ended> {
  if (import.meta.url.endsWith(".js")) nameSourceLines();
  // What is printed waits for its reader, however much it is; a log that nobody reads must not grow.
  const mostBytes = Number.POSITIVE_INFINITY;
  const stdout = createOutput({ sink: open(1), mostBytes, clock: systemClock });
  const stderr = createOutput({ sink: open(2), mostBytes: MOST_LOG_BYTES, clock: systemClock });
  const code = await runCommand(options, stdout, stderr);
  return { code, isWriting: await endOutput(options.stop, stdout, stderr) };
}

/** Resolves to the exit code. */
async function runCommand(options: ProgramOptions, stdout: Output, stderr: Output): Promise<number> {
  const { argv, env, pid, nodeVersion, revision, stop, onHangup } = options;
  try {
    const args = parseCommandLine(argv);
    const { version } = JSON.parse(options.packageJson);
    if (args.show === "help") stdout.write(usage());
    else if (args.show === "version")
      stdout.write(`cloudflare-interconnect-exporter ${version} (node ${nodeVersion})\n`);
    if (args.show !== undefined) return 0;
    if (args.command !== "run") options.endOnHangup();
    const command = await COMMANDS[args.command]();
    if (stop.aborted && SERVING.has(args.command)) return 0;
    // Not before: loading makes much garbage at once.
    keepHeapSmall();
    return await command({
      args,
      env,
      pid,
      build: { version, revision, nodeVersion },
      runbooksFolder: options.runbooksFolder,
      clock: systemClock,
      random: systemRandom,
      stop,
      onHangup,
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

/** Waits for a reader of what was printed as long as he likes, unless asked to stop. Resolves to whether something is left. */
async function endOutput(stop: AbortSignal, stdout: Output, stderr: Output): Promise<boolean> {
  const printed = await stdout.end(stop);
  if (printed === "failed") stderr.write("Cannot write all to standard output: it is full or closed\n");
  const logged = await stderr.end(AbortSignal.timeout(LAST_WORDS_MS));
  return printed === "waiting" || logged === "waiting";
}
