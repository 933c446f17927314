import { fileURLToPath } from "node:url";
import { type Child, type Exit, startChild } from "./child-process.ts";
import { createTempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

/** What `npm run build` makes. */
const MAIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
const WHEN_MISSING = "expected the Node that runs the tests to run";

export interface CommandOptions {
  /** The program to run. @default the guard of the bundle in this checkout */
  readonly main?: string;
  /** Flags of Node itself. */
  readonly nodeArgs?: readonly string[];
  /** Files of the folder that the command runs in, by name. A value that is no text is written as JSON, which is YAML. */
  readonly files?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Descriptors in place of pipes that are read all the time. */
  readonly stdout?: number;
  readonly stderr?: number;
  /** More of them, which become 3, 4 and so on. */
  readonly descriptors?: readonly number[];
  /** A program with its first arguments that starts the command, which it gets as the rest of them. */
  readonly under?: readonly string[];
  /** Files and connections that it may have open at once, as `ulimit -n` sets it. */
  readonly openFiles?: number;
}

/** A command that is still running, in a folder of its own. */
export interface RunningCommand extends Child {
  readonly folder: string;
}

/** Starts `cloudflare-interconnect-exporter` as it is installed. */
export async function startCommand(
  args: readonly string[],
  {
    main = MAIN,
    nodeArgs = [],
    files = {},
    env = {},
    stdout,
    stderr,
    descriptors,
    under = [],
    openFiles,
  }: CommandOptions = {},
): Promise<RunningCommand> {
  await using started = new AsyncDisposableStack();
  const texts = Object.entries(files).map(([name, file]) => [
    name,
    typeof file === "string" ? file : JSON.stringify(file),
  ]);
  const folder = started.use(await createTempFolder(Object.fromEntries(texts)));
  const limited = openFiles === undefined ? [] : ["sh", "-c", `ulimit -n ${openFiles}; exec "$@"`, "sh"];
  const [program = "", ...rest] = [...under, ...limited, process.execPath, ...nodeArgs, main, ...args];
  const child = started.use(
    startChild(program, rest, {
      cwd: folder.path,
      env,
      stdout,
      stderr,
      descriptors,
      whenMissing: WHEN_MISSING,
    }),
  );
  const running = started.move();
  return { ...child, folder: folder.path, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** A command that has ended. */
export interface EndedCommand extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command that ends by itself. */
export async function runCommand(args: readonly string[], options?: CommandOptions): Promise<EndedCommand> {
  await using command = await startCommand(args, options);
  const exit = await command.ended;
  return { ...exit, stdout: command.stdout(), stderr: command.stderr() };
}

/** The daemon, serving. */
export interface DaemonProcess extends RunningCommand {
  readonly port: number;
  readonly origin: string;
}

export interface DaemonOptions extends CommandOptions {
  readonly config: unknown;
  /** @default 0, a free one */
  readonly port?: number;
  readonly args?: readonly string[];
}

/** Starts the daemon and waits until it serves. The log has to be at `info` or below. */
export async function startDaemonProcess(options: DaemonOptions): Promise<DaemonProcess> {
  const { config, port = 0, args = [], files = {} } = options;
  return await serving(
    await startCommand(["run", `--web.listen-address=127.0.0.1:${port}`, ...args], {
      ...options,
      files: { ...files, "config.yaml": config },
    }),
  );
}

/** Starts the demo on a free port and waits until it serves. */
export async function startDemoProcess(): Promise<DaemonProcess> {
  return await serving(await startCommand(["demo", "--web.listen-address=127.0.0.1:0"]));
}

async function serving(command: RunningCommand): Promise<DaemonProcess> {
  await using started = new AsyncDisposableStack();
  started.use(command);
  const port = await until(
    "the daemon to serve",
    () => portIn(command.stderr()) ?? (command.exit() === undefined ? undefined : 0),
  );
  if (port === 0) throw new Error(`Expected the daemon to serve, but it ended:\n${command.stderr()}`);
  const running = started.move();
  return {
    ...command,
    port,
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The port in the log line that the daemon writes once it serves. */
function portIn(log: string): number | undefined {
  const line = log.split("\n").find((each) => each.includes('"msg":"Polling and serving"'));
  const port = /"port":(?<port>\d+)/.exec(line ?? "")?.groups?.["port"];
  return port === undefined ? undefined : Number(port);
}
