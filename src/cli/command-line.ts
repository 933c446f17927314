import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { nearest } from "../document/nearest.ts";
import {
  readChoice,
  readDuration,
  readFrom,
  readMaxRequests,
  readSite,
  readTelemetryPath,
  UsageError,
} from "./flag-values.ts";
import { type Arguments, type Command, COMMANDS, FLAGS, type FlagSpec, SHOWN } from "./flags.ts";
import { givenFlags } from "./given-flags.ts";
import { parseReplica } from "./replica.ts";

/** Reads the command line, `--flag=value` or `--flag value`. `host`: the name of this machine. Throws a UsageError. */
export function parseCommandLine(args: readonly string[], host = hostname()): Arguments {
  const { values, positionals, names } = parse(args);
  const [word = "run", ...rest] = positionals;
  const show =
    word === "help" || values.help === true ? "help" : values.version === true ? "version" : undefined;
  const command = word === "help" || word === "version" ? "run" : word;
  if (!isCommand(command)) throw unknownCommand(command);
  if (rest.length > 0 && word !== "help")
    throw new UsageError(`Expected one command, got also "${rest.join(" ")}"`);
  const unused = names.find((name) => !commandsOf(name).includes(command));
  if (unused !== undefined)
    throw new UsageError(
      `--${unused}: ${command} does not use it; it is a flag of ${commandsOf(unused).join(", ")}`,
    );
  const replica = values.replica === undefined ? undefined : parseReplica(values.replica, host);
  if (typeof replica === "string") throw new UsageError(replica);
  const autoReloadEveryMs = readDuration(
    "config.auto-reload-interval",
    values["config.auto-reload-interval"],
  );
  return {
    command: values["config.check"] === true ? "check" : command,
    configFile: values["config.file"],
    listenAddresses: values["web.listen-address"] ?? [],
    systemdSocket: values["web.systemd-socket"] === true,
    telemetryPath: readTelemetryPath(values["web.telemetry-path"]),
    webConfigFile: values["web.config.file"],
    site: readSite(values["web.external-url"], values["web.route-prefix"]),
    maxRequests: readMaxRequests(values["web.max-requests"]),
    authExemptHealth: values["web.auth-exempt-health"] === true,
    processMetrics: values["web.disable-exporter-metrics"] !== true,
    autoReloadEveryMs: values["config.auto-reload"] === true ? autoReloadEveryMs : undefined,
    enableLifecycle: values["web.enable-lifecycle"] === true,
    replica,
    storagePath: values["storage.path"] ?? "",
    stories: values.story ?? [],
    logLevel: readChoice("log.level", values["log.level"], ["debug", "info", "warn", "error"]),
    logFormat: readChoice("log.format", values["log.format"], ["json", "logfmt"]),
    output: readChoice("output", values.output, ["table", "json"]),
    from: values.from === undefined ? undefined : readFrom(values.from),
    httpConfigFile: values["http.config.file"],
    httpTimeoutMs: readDuration("http.timeout", values["http.timeout"]),
    textfile: values.textfile,
    show: word === "version" ? "version" : show,
  };
}

function parse(args: readonly string[]) {
  try {
    const { args: given, names } = givenFlags(args, FLAGS);
    const parsed = parseArgs({
      args: [...given],
      allowPositionals: true,
      allowNegative: true,
      options: {
        ...FLAGS,
        // Whether it was given decides more than its value does.
        "config.file": { type: "string" },
        "web.listen-address": { type: "string", multiple: true },
        story: { type: "string", multiple: true },
        help: { type: "boolean", short: "h" },
      },
    });
    return { ...parsed, names };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Node goes on to explain how to pass what begins with a dash, which nobody here wants to.
    const message = error instanceof Error ? error.message.replace(/\. To specify .*/s, "") : String(error);
    throw new UsageError(message, { cause: error });
  }
}

/** The commands that use a flag. */
function commandsOf(name: string): readonly string[] {
  const specs: Readonly<Record<string, FlagSpec>> = FLAGS;
  return specs[name]?.of ?? Object.keys(COMMANDS);
}

function unknownCommand(word: string): UsageError {
  const words = [...Object.keys(COMMANDS), ...Object.keys(SHOWN)];
  const meant = nearest(word, words);
  const hint = meant === undefined ? `: expected ${words.join(", ")}` : `, did you mean ${meant}?`;
  return new UsageError(`Unknown command "${word}"${hint}`);
}

function isCommand(word: string): word is Command {
  return Object.hasOwn(COMMANDS, word);
}
