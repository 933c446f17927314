import { systemClock } from "../../src/base/clock.ts";
import { seededRandom } from "../../src/base/random.ts";
import type { CommandContext, RunCommand } from "../../src/cli/command.ts";
import { parseCommandLine } from "../../src/cli/command-line.ts";

const NEVER = new AbortController().signal;

interface Ran {
  readonly code: number;
  readonly printed: string;
  readonly errors: string;
}

interface ContextOptions {
  /** @default "run" */
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly colours?: boolean;
  /** @default "error" */
  readonly logLevel?: CommandContext["args"]["logLevel"];
  /** Asks the command to stop. */
  readonly stop?: AbortSignal;
}

/** A context of these flags, and what was printed with it. */
export function contextOf({
  command = "run",
  args = [],
  env = {},
  colours = false,
  logLevel = "error",
  stop = NEVER,
}: ContextOptions = {}) {
  let printed = "";
  let errors = "";
  const context: CommandContext = {
    args: { ...parseCommandLine([command, ...args]), logLevel },
    env,
    pid: 4711,
    build: { version: "1.2.3", revision: "", nodeVersion: "v24" },
    runbooksFolder: "docs/runbooks",
    clock: systemClock,
    random: seededRandom(1),
    stop,
    colours,
    onHangup: () => undefined,
    logOutput: { write: (line) => (errors += line), dropped: () => 0, onFlowing: () => undefined },
    print: (text) => (printed += text),
    printError: (text) => (errors += text),
  };
  return { context, printed: () => printed, errors: () => errors };
}

/** Runs a command to its end. */
export async function runWith(command: RunCommand, options?: ContextOptions): Promise<Ran> {
  const { context, printed, errors } = contextOf({ ...options, command: command.name });
  const code = await command(context);
  return { code, printed: printed(), errors: errors() };
}

/** A command that runs until it is told to stop. */
export function startCommand(command: RunCommand, args: readonly string[], options?: ContextOptions) {
  const stop = new AbortController();
  const { context, printed, errors } = contextOf({
    ...options,
    command: command.name,
    args,
    stop: stop.signal,
  });
  const ended = command(context);
  return {
    printed,
    errors,
    async stop(): Promise<number> {
      stop.abort();
      return await ended;
    },
  };
}
