import { spawn } from "node:child_process";

export interface ChildOptions {
  readonly cwd: string;
  /** The whole environment: nothing of the test's own leaks in. */
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors to use in place of pipes that are read all the time. */
  readonly stdout?: number | undefined;
  readonly stderr?: number | undefined;
  /** Whether signals reach its own children too, as Ctrl-C does. */
  readonly asGroup?: boolean;
  /** More of them, which become 3, 4 and so on. */
  readonly descriptors?: readonly number[] | undefined;
  /** What to do when there is no such program. */
  readonly whenMissing: string;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A process with all that it has printed so far. Disposing kills it and waits for its end. */
export interface Child extends AsyncDisposable {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Undefined as long as it runs. */
  readonly exit: () => Exit | undefined;
  /** Resolves once it has ended and its output is whole; rejects when there is no such program. */
  readonly ended: Promise<Exit>;
  readonly pid: number;
  readonly kill: (signal: "SIGTERM" | "SIGINT" | "SIGKILL" | "SIGHUP") => void;
}

/** Starts a program without a terminal and with an empty standard input. */
export function startChild(program: string, args: readonly string[], options: ChildOptions): Child {
  const { cwd, env, asGroup = false, whenMissing } = options;
  const child = spawn(program, args, {
    cwd,
    env,
    detached: asGroup,
    stdio: ["ignore", options.stdout ?? "pipe", options.stderr ?? "pipe", ...(options.descriptors ?? [])],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  let exit: Exit | undefined;
  const ended = new Promise<Exit>((resolve, reject) => {
    child.once("error", (cause) => reject(new Error(`Cannot start ${program}: ${whenMissing}`, { cause })));
    child.once("close", (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  function kill(signal: NodeJS.Signals): void {
    if (exit !== undefined) return;
    if (!asGroup || child.pid === undefined) return void child.kill(signal);
    try {
      process.kill(-child.pid, signal);
    } catch {
      // All of them have ended.
    }
  }
  // Whoever waits for it still gets the rejection.
  ended.catch(() => undefined);
  return {
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    exit: () => exit,
    ended,
    pid: child.pid ?? 0,
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGKILL");
      await ended.catch(() => undefined);
    },
  };
}
