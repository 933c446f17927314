import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { parseDuration } from "../base/duration.ts";
import { nearest } from "../document/nearest.ts";
import { parseExternalUrl, parsePrefix, type Site, siteOf } from "../http/site.ts";
import { type Arguments, type Command, COMMANDS, FLAGS, type FlagSpec, SHOWN, UsageError } from "./flags.ts";
import { givenFlags } from "./given-flags.ts";
import { parseReplica } from "./replica.ts";

/** What other routes answer. */
const OTHER_PATHS = /^\/(?:-\/|(?:api|assets|interconnects|runbooks)(?:\/|$)|(?:config|events|probe|sd)$)/;

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
  const logLevel = values["log.level"];
  if (logLevel !== "debug" && logLevel !== "info" && logLevel !== "warn" && logLevel !== "error") {
    throw new UsageError(`--log.level: expected debug, info, warn or error, got "${logLevel}"`);
  }
  const logFormat = values["log.format"];
  if (logFormat !== "json" && logFormat !== "logfmt")
    throw new UsageError(`--log.format: expected json or logfmt, got "${logFormat}"`);
  const maxRequests = Number(values["web.max-requests"]);
  if (!/^\d+$/.test(values["web.max-requests"])) {
    throw new UsageError(
      `--web.max-requests: expected a whole number from 0, got "${values["web.max-requests"]}"`,
    );
  }
  const interval = values["config.auto-reload-interval"];
  const autoReloadEveryMs = parseDuration(interval);
  if (autoReloadEveryMs === undefined || autoReloadEveryMs === 0) {
    throw new UsageError(`--config.auto-reload-interval: expected a duration such as 5s, got "${interval}"`);
  }
  const { output } = values;
  if (output !== "table" && output !== "json") {
    throw new UsageError(`--output: expected table or json, got "${output}"`);
  }
  const telemetryPath = values["web.telemetry-path"];
  if (!/^\/[\w.~/-]+$/.test(telemetryPath) || OTHER_PATHS.test(telemetryPath)) {
    throw new UsageError(`--web.telemetry-path: expected a path such as /metrics, got "${telemetryPath}"`);
  }
  const replica = values.replica === undefined ? undefined : parseReplica(values.replica, host);
  if (typeof replica === "string") throw new UsageError(replica);
  return {
    command: values["config.check"] === true ? "check" : command,
    configFile: values["config.file"],
    listenAddresses: values["web.listen-address"] ?? [],
    systemdSocket: values["web.systemd-socket"] === true,
    telemetryPath,
    webConfigFile: values["web.config.file"],
    site: readSite(values["web.external-url"], values["web.route-prefix"]),
    maxRequests: maxRequests === 0 ? Number.POSITIVE_INFINITY : maxRequests,
    authExemptHealth: values["web.auth-exempt-health"] === true,
    processMetrics: values["web.disable-exporter-metrics"] !== true,
    autoReloadEveryMs: values["config.auto-reload"] === true ? autoReloadEveryMs : undefined,
    enableLifecycle: values["web.enable-lifecycle"] === true,
    replica,
    storagePath: values["storage.path"] ?? "",
    stories: values.story ?? [],
    logLevel,
    logFormat,
    output,
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

function readSite(externalUrl: string | undefined, routePrefix: string | undefined): Site {
  const external = externalUrl === undefined ? undefined : parseExternalUrl(externalUrl);
  if (externalUrl !== undefined && external === undefined)
    throw new UsageError(
      `--web.external-url: expected a URL such as https://example.com/exporter, got "${externalUrl}"`,
    );
  const prefix = routePrefix === undefined ? undefined : parsePrefix(routePrefix);
  if (routePrefix !== undefined && prefix === undefined)
    throw new UsageError(`--web.route-prefix: expected a path such as /exporter, got "${routePrefix}"`);
  return siteOf(external, prefix);
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
