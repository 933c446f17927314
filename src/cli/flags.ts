import { parseArgs } from "node:util";

/** The commands, the first being the default, each with what it does. */
const COMMANDS = {
  run: "the daemon (default)",
  check: "read the config, print every problem, the polls it would make and their cost; exit 1 on a problem",
  status:
    "poll once; the first line and the exit code are a monitoring plugin's: 2 for an unexpected Down or Unhealthy, 1 for another unexpected state, 3 for Unknown or when it cannot ask, else 0",
  discover: "list the account's interconnects as a config fragment",
  simulate: "serve a simulated Cloudflare API on loopback (fire drills, demos, tests)",
  demo: "simulate + run in one process, no configuration, no network",
  healthcheck: "ask the daemon on this machine whether it is alive (for image health checks)",
} as const;
export type Command = keyof typeof COMMANDS;

interface FlagSpec {
  readonly type: "string" | "boolean";
  /** What stands for the value in the usage. */
  readonly value?: string;
  readonly default?: string;
  readonly help: string;
}

export const FLAGS = {
  "config.file": { type: "string", value: "FILE", default: "config.yaml", help: "the configuration" },
  "config.check": { type: "boolean", help: "same as the command check" },
  "web.listen-address": {
    type: "string",
    value: "ADDRESS",
    default: ":13335",
    help: "where to serve: host:port, :port or [::1]:port; simulate serves its API there, by default on 127.0.0.1:13336",
  },
  "web.telemetry-path": { type: "string", value: "PATH", default: "/metrics", help: "path of the metrics" },
  "web.disable-exporter-metrics": { type: "boolean", help: "leave out process_* and nodejs_* metrics" },
  "log.level": { type: "string", value: "LEVEL", default: "info", help: "debug, info, warn or error" },
  output: {
    type: "string",
    value: "FORMAT",
    default: "table",
    help: "of status and discover: table or json",
  },
  version: { type: "boolean", help: "print the version" },
  help: { type: "boolean", help: "print this help" },
} as const satisfies Readonly<Record<string, FlagSpec>>;

export interface Arguments {
  readonly command: Command;
  /** As given; undefined when not: then the environment may stand in for a missing file. */
  readonly configFile: string | undefined;
  /** As given; undefined when not, since the default is not the same for every command. */
  readonly listenAddress: string | undefined;
  readonly telemetryPath: string;
  readonly processMetrics: boolean;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly output: "table" | "json";
  readonly show: "version" | "help" | undefined;
}

/** Wrong usage: the message says what was expected; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the command line, `--flag=value` or `--flag value`. Throws a UsageError. */
export function parseCommandLine(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const [word = "run", ...rest] = positionals;
  if (!isCommand(word))
    throw new UsageError(`Unknown command "${word}": expected ${Object.keys(COMMANDS).join(", ")}`);
  if (rest.length > 0) throw new UsageError(`Expected one command, got also "${rest.join(" ")}"`);
  const logLevel = values["log.level"];
  if (logLevel !== "debug" && logLevel !== "info" && logLevel !== "warn" && logLevel !== "error") {
    throw new UsageError(`--log.level: expected debug, info, warn or error, got "${logLevel}"`);
  }
  const { output } = values;
  if (output !== "table" && output !== "json") {
    throw new UsageError(`--output: expected table or json, got "${output}"`);
  }
  const telemetryPath = values["web.telemetry-path"];
  if (!/^\/[\w.~/-]+$/.test(telemetryPath) || telemetryPath.startsWith("/-/")) {
    throw new UsageError(`--web.telemetry-path: expected a path such as /metrics, got "${telemetryPath}"`);
  }
  return {
    command: values["config.check"] === true ? "check" : word,
    configFile: values["config.file"],
    listenAddress: values["web.listen-address"],
    telemetryPath,
    processMetrics: values["web.disable-exporter-metrics"] !== true,
    logLevel,
    output,
    show: values.help === true ? "help" : values.version === true ? "version" : undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "config.file": { type: "string" },
        "config.check": { type: "boolean" },
        "web.listen-address": { type: "string" },
        "web.telemetry-path": { type: "string", default: FLAGS["web.telemetry-path"].default },
        "web.disable-exporter-metrics": { type: "boolean" },
        "log.level": { type: "string", default: FLAGS["log.level"].default },
        output: { type: "string", default: FLAGS.output.default },
        version: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isCommand(word: string): word is Command {
  return Object.hasOwn(COMMANDS, word);
}

/** The text of `--help`, made from the same tables. */
export function usage(): string {
  const commands = Object.entries(COMMANDS).map(([name, help]) => `  ${name.padEnd(14)}${help}`);
  const flags = Object.entries<FlagSpec>(FLAGS).map(([name, { value, default: standard, help }]) => {
    const shown = `--${name}${value === undefined ? "" : `=${value}`}`;
    return `  ${shown}\n      ${help}${standard === undefined ? "" : ` (default ${standard})`}`;
  });
  return `Usage: cloudflare-interconnect-exporter [command] [--flag=value ...]

Commands:
${commands.join("\n")}

Flags:
${flags.join("\n")}

Exit codes: 0 clean stop, 1 wrong config or start-up failure, 2 wrong usage.
`;
}
