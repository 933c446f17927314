import type { Clock } from "../base/clock.ts";
import type { Random } from "../base/random.ts";
import type { Build } from "../daemon/start.ts";
import type { Arguments } from "./flags.ts";
import type { Output } from "./output.ts";

/** Everything of the process that a command may touch. */
export interface CommandContext {
  readonly args: Arguments;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Number of the process. */
  readonly pid: number;
  readonly build: Build;
  /** Where this version keeps its runbooks. */
  readonly runbooksFolder: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts when the process is asked to stop. */
  readonly stop: AbortSignal;
  /** Calls back at each SIGHUP, which no longer ends the process then. */
  readonly onHangup: (listener: () => void) => void;
  /** Whether colours may be printed: on a terminal alone. */
  readonly colours: boolean;
  /** Where the log goes: standard error, so that standard output holds what a command prints. */
  readonly logOutput: Pick<Output, "write" | "dropped" | "onFlowing">;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
}

/** Runs until done or stopped; resolves to the exit code. */
export type RunCommand = (context: CommandContext) => Promise<number>;

/** Resolves when the process is asked to stop. */
export async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
