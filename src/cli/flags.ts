import type { Replica } from "../domain/replica.ts";
import type { Site } from "../http/site.ts";

/** The commands, the first being the default, each with what it does. */
export const COMMANDS = {
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

/** Answered at once, as commands and as flags. */
export const SHOWN = { help: "print this help", version: "print the version" } as const;

export interface FlagSpec {
  readonly type: "string" | "boolean";
  /** What stands for the value in the usage. */
  readonly value?: string;
  readonly default?: string;
  /** The commands that use it; of the others it is an error. @default all of them */
  readonly of?: readonly Command[];
  readonly help: string;
}

const READS_CONFIG = ["run", "check", "status", "discover", "simulate"] as const;
const SERVES = ["run", "demo"] as const;

export const FLAGS = {
  "config.file": {
    type: "string",
    of: READS_CONFIG,
    value: "FILE",
    default: "config.yaml",
    help: "the configuration",
  },
  "config.check": { type: "boolean", of: ["run", "check"], help: "same as the command check" },
  "config.auto-reload": {
    type: "boolean",
    of: ["run"],
    help: "reload when the config file, or a certificate file that it names, has another content",
  },
  "config.auto-reload-interval": {
    type: "string",
    of: ["run"],
    value: "DURATION",
    default: "5s",
    help: "how often --config.auto-reload looks",
  },
  "web.listen-address": {
    type: "string",
    of: [...SERVES, "simulate", "healthcheck"],
    value: "ADDRESS",
    default: ":13335",
    help: "where to serve: host:port, :port or [::1]:port; may be given more than once; simulate serves its API there, by default on 127.0.0.1:13336",
  },
  "web.systemd-socket": {
    type: "boolean",
    of: ["run"],
    help: "listen on the sockets that systemd hands over, in place of --web.listen-address",
  },
  "web.telemetry-path": {
    type: "string",
    of: SERVES,
    value: "PATH",
    default: "/metrics",
    help: "path of the metrics",
  },
  "web.config.file": {
    type: "string",
    of: [...SERVES, "check", "healthcheck"],
    value: "FILE",
    help: "TLS, client certificates, users, headers and rate limit, in the format of Prometheus's exporters",
  },
  "web.external-url": {
    type: "string",
    of: [...SERVES, "healthcheck"],
    value: "URL",
    help: "where a reverse proxy shows this exporter; its path also prefixes the routes",
  },
  "web.route-prefix": {
    type: "string",
    of: [...SERVES, "healthcheck"],
    value: "PATH",
    help: "prefix of the routes, when it is not the path of the external URL",
  },
  "web.max-requests": {
    type: "string",
    of: SERVES,
    value: "COUNT",
    default: "40",
    help: "requests under way at once, health checks apart; 503 beyond; 0 for any number",
  },
  "web.auth-exempt-health": {
    type: "boolean",
    of: SERVES,
    help: "answer /-/healthy and /-/ready without authentication and rate limit",
  },
  "web.disable-exporter-metrics": {
    type: "boolean",
    of: SERVES,
    help: "leave out process_* and nodejs_* metrics",
  },
  "web.enable-lifecycle": { type: "boolean", of: ["run"], help: "let POST /-/reload read the config again" },
  replica: {
    type: "string",
    of: ["run", "check"],
    value: "I/N",
    help: "this is one of N processes that poll the same: each takes its part of the budget and its turn in the interval; auto/N in a StatefulSet",
  },
  "storage.path": {
    type: "string",
    of: ["run"],
    value: "FOLDER",
    help: "folder in which the state outlives a restart; off when empty",
  },
  story: {
    type: "string",
    of: ["simulate"],
    value: "NAME[:WHERE]",
    help: "what happens, and to which interconnect (account/interconnect), group or account; may be given more than once; docs/fire-drill.md lists them",
  },
  "log.level": {
    type: "string",
    of: [...SERVES, "status", "discover"],
    value: "LEVEL",
    default: "info",
    help: "debug, info, warn or error",
  },
  "log.format": {
    type: "string",
    of: [...SERVES, "status", "discover"],
    value: "FORMAT",
    default: "json",
    help: "json or logfmt",
  },
  output: {
    type: "string",
    of: ["status", "discover"],
    value: "FORMAT",
    default: "table",
    help: "table or json",
  },
  from: {
    type: "string",
    of: ["status"],
    value: "URL",
    help: "read the daemon at this URL in place of Cloudflare, such as http://localhost:13335; costs no budget",
  },
  "http.config.file": {
    type: "string",
    of: ["status"],
    value: "FILE",
    help: "CA, client certificate, password or token for --from, in the format of Prometheus's http_config",
  },
  "http.timeout": {
    type: "string",
    of: ["status"],
    value: "DURATION",
    default: "10s",
    help: "for each answer that --from waits for",
  },
  textfile: {
    type: "string",
    of: ["status"],
    value: "FILE",
    help: "also write the metrics to this file, for node_exporter's textfile collector, which wants a name in .prom",
  },
  version: { type: "boolean", help: SHOWN.version },
  help: { type: "boolean", help: SHOWN.help },
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
  /** Infinity for no bound. */
  readonly maxRequests: number;
  readonly authExemptHealth: boolean;
  readonly processMetrics: boolean;
  /** How often the files are looked at; undefined when they are not. */
  readonly autoReloadEveryMs: number | undefined;
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

/** The text of `--help`, made from the same tables. */
export function usage(): string {
  const commands = Object.entries({ ...COMMANDS, ...SHOWN }).map(
    ([name, help]) => `  ${name.padEnd(14)}${help}`,
  );
  const flags = Object.entries<FlagSpec>(FLAGS).map(([name, { value, default: standard, of, help }]) => {
    const users = of === undefined ? "" : ` (${of.join(", ")})`;
    const shown = `--${name}${value === undefined ? "" : `=${value}`}${users}`;
    return `  ${shown}\n      ${help}${standard === undefined ? "" : ` (default ${standard})`}`;
  });
  return `Usage: cloudflare-interconnect-exporter [command] [--flag=value ...]

Commands:
${commands.join("\n")}

Flags, and the commands that use them; booleans also as --no-flag and --flag=false:
${flags.join("\n")}

Exit codes: 0 clean stop, 1 wrong config or start-up failure, 2 wrong usage.
`;
}
