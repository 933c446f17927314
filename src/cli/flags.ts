import { hostname } from "node:os";
import { parseArgs } from "node:util";
import type { Replica } from "../domain/replica.ts";
import type { Site } from "../http/site.ts";
import {
  readChoice,
  readFrom,
  readMaxRequests,
  readSite,
  readTelemetryPath,
  readTimeout,
  UsageError,
} from "./flag-values.ts";
import { parseReplica } from "./replica.ts";

export { UsageError } from "./flag-values.ts";

/** The commands, the first being the default, each with what it does. */
const COMMANDS = {
  run: "the daemon (default)",
  check: "read the config, print every problem, the polls it would make and their cost; exit 1 on a problem",
  status:
    "poll once, or read a daemon; the first line and the exit code are a monitoring plugin's: 2 for an unexpected Down or Unhealthy, 1 for another unexpected state, 3 for Unknown or when it cannot ask, else 0",
  discover: "list the accounts' interconnects as a configuration",
  simulate: "serve a simulated Cloudflare API on loopback (fire drills, demos, tests)",
  demo: "simulate + run in one process, no configuration, no network",
  healthcheck:
    "ask the daemon on this machine whether it is alive (for image health checks; works under TLS and auth)",
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
  "config.auto-reload": {
    type: "boolean",
    help: "reload when the config file, or a certificate file that it names, has another content",
  },
  "web.listen-address": {
    type: "string",
    value: "ADDRESS",
    default: ":13335",
    help: "where to serve: host:port, :port or [::1]:port; may be given more than once; simulate serves its API there, by default on 127.0.0.1:13336",
  },
  "web.systemd-socket": {
    type: "boolean",
    help: "listen on the sockets that systemd hands over, in place of --web.listen-address",
  },
  "web.telemetry-path": { type: "string", value: "PATH", default: "/metrics", help: "path of the metrics" },
  "web.config.file": {
    type: "string",
    value: "FILE",
    help: "TLS, client certificates, users, headers and rate limit, in the format of Prometheus's exporters",
  },
  "web.external-url": {
    type: "string",
    value: "URL",
    help: "where a reverse proxy shows this exporter; its path also prefixes the routes",
  },
  "web.route-prefix": {
    type: "string",
    value: "PATH",
    help: "prefix of the routes, when it is not the path of the external URL",
  },
  "web.max-requests": {
    type: "string",
    value: "COUNT",
    default: "40",
    help: "requests under way at once, health checks apart; 503 beyond",
  },
  "web.auth-exempt-health": {
    type: "boolean",
    help: "answer /-/healthy and /-/ready without authentication and rate limit",
  },
  "web.disable-exporter-metrics": { type: "boolean", help: "leave out process_* and nodejs_* metrics" },
  "web.enable-lifecycle": { type: "boolean", help: "let POST /-/reload read the config again" },
  replica: {
    type: "string",
    value: "I/N",
    help: "this is one of N processes that poll the same: each takes its part of the budget and its turn in the interval; auto/N in a StatefulSet",
  },
  "storage.path": {
    type: "string",
    value: "FOLDER",
    help: "folder in which the state outlives a restart; off when empty",
  },
  story: {
    type: "string",
    value: "NAME[:WHERE]",
    help: "of simulate: what happens, and to which interconnect (account/interconnect), group or account; may be given more than once; docs/fire-drill.md lists them",
  },
  "log.level": { type: "string", value: "LEVEL", default: "info", help: "debug, info, warn or error" },
  "log.format": { type: "string", value: "FORMAT", default: "json", help: "json or logfmt" },
  output: {
    type: "string",
    value: "FORMAT",
    default: "table",
    help: "of status and discover: table or json",
  },
  from: {
    type: "string",
    value: "URL",
    help: "of status: read the daemon at this URL in place of Cloudflare, such as http://localhost:13335; costs no budget",
  },
  "http.config.file": {
    type: "string",
    value: "FILE",
    help: "CA, client certificate, password or token for --from, in the format of Prometheus's http_config",
  },
  "http.timeout": {
    type: "string",
    value: "DURATION",
    default: "10s",
    help: "for each answer that --from waits for",
  },
  textfile: {
    type: "string",
    value: "FILE",
    help: "of status: also write the metrics to this file, for node_exporter's textfile collector, which wants a name in .prom",
  },
  version: { type: "boolean", help: "print the version" },
  help: { type: "boolean", help: "print this help" },
} as const satisfies Readonly<Record<string, FlagSpec>>;

export interface Arguments {
  readonly command: Command;
  /** As given; undefined when not: then the environment may stand in for a missing file. */
  readonly configFile: string | undefined;
  /** As given; empty when not, since the default is not the same for every command. */
  readonly listenAddresses: readonly string[];
  readonly systemdSocket: boolean;
  readonly telemetryPath: string;
  readonly webConfigFile: string | undefined;
  readonly site: Site;
  readonly maxRequests: number;
  readonly authExemptHealth: boolean;
  readonly processMetrics: boolean;
  readonly autoReload: boolean;
  readonly enableLifecycle: boolean;
  readonly replica: Replica | undefined;
  /** `""` for none. */
  readonly storagePath: string;
  /** As given, for `simulate`. */
  readonly stories: readonly string[];
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly logFormat: "json" | "logfmt";
  readonly output: "table" | "json";
  /** Without a slash at the end; undefined to poll. */
  readonly from: string | undefined;
  readonly httpConfigFile: string | undefined;
  readonly httpTimeoutMs: number;
  readonly textfile: string | undefined;
  readonly show: "version" | "help" | undefined;
}

/** Reads the command line, `--flag=value` or `--flag value`. `host`: the name of this machine. Throws a UsageError. */
export function parseCommandLine(args: readonly string[], host = hostname()): Arguments {
  const { values, positionals } = parse(args);
  const [word = "run", ...rest] = positionals;
  if (!isCommand(word))
    throw new UsageError(`Unknown command "${word}": expected ${Object.keys(COMMANDS).join(", ")}`);
  if (rest.length > 0) throw new UsageError(`Expected one command, got also "${rest.join(" ")}"`);
  const replica = values.replica === undefined ? undefined : parseReplica(values.replica, host);
  if (typeof replica === "string") throw new UsageError(replica);
  return {
    command: values["config.check"] === true ? "check" : word,
    configFile: values["config.file"],
    listenAddresses: values["web.listen-address"] ?? [],
    systemdSocket: values["web.systemd-socket"] === true,
    telemetryPath: readTelemetryPath(values["web.telemetry-path"]),
    webConfigFile: values["web.config.file"],
    site: readSite(values["web.external-url"], values["web.route-prefix"]),
    maxRequests: readMaxRequests(values["web.max-requests"]),
    authExemptHealth: values["web.auth-exempt-health"] === true,
    processMetrics: values["web.disable-exporter-metrics"] !== true,
    autoReload: values["config.auto-reload"] === true,
    enableLifecycle: values["web.enable-lifecycle"] === true,
    replica,
    storagePath: values["storage.path"] ?? "",
    stories: values.story ?? [],
    logLevel: readChoice("log.level", values["log.level"], ["debug", "info", "warn", "error"]),
    logFormat: readChoice("log.format", values["log.format"], ["json", "logfmt"]),
    output: readChoice("output", values.output, ["table", "json"]),
    from: values.from === undefined ? undefined : readFrom(values.from),
    httpConfigFile: values["http.config.file"],
    httpTimeoutMs: readTimeout(values["http.timeout"]),
    textfile: values.textfile,
    show: values.help === true ? "help" : values.version === true ? "version" : undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...FLAGS,
        // Whether it was given decides more than its value does.
        "config.file": { type: "string" },
        "web.listen-address": { type: "string", multiple: true },
        story: { type: "string", multiple: true },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    // Node goes on to explain how to pass what begins with a dash, which nobody here wants to.
    const message = error instanceof Error ? error.message.replace(/\. To specify .*/s, "") : String(error);
    throw new UsageError(message, { cause: error });
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
