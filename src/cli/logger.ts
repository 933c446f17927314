import { pino } from "pino";
import { hideSecrets } from "../base/credential-shape.ts";
import type { Log } from "../base/log.ts";
import { toLogfmt } from "./logfmt.ts";
import type { Output } from "./output.ts";

/** Secrets are unprintable by their type; these paths are the second net. */
const REDACTED = ["authorization", "token", "api_token", "api_key", "password"].flatMap((key) => [
  key,
  `*.${key}`,
]);

interface LoggerOptions {
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly logFormat: "json" | "logfmt";
}

/** The root logger. When lines were dropped, one says how many as soon as they flow again, whatever the level. */
export function createLogger(
  { logLevel, logFormat }: LoggerOptions,
  output: Pick<Output, "write" | "onFlowing">,
): Log {
  const options = {
    level: logLevel,
    base: null,
    redact: { paths: REDACTED, censor: "<secret>" },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const log = pino(
    { ...options, formatters: { level: (label) => ({ level: label }) } },
    {
      write: (line) => {
        const shown = withoutSecrets(line);
        output.write(logFormat === "json" ? shown : toLogfmt(shown));
      },
    },
  );
  output.onFlowing((lines) =>
    log.error({ lines }, "Lines of this log were dropped: it could not be written"),
  );
  return log;
}

/** Fields whose texts are label values, and shown as they are. */
const LABELS: ReadonlySet<string> = new Set(["account", "group", "interconnect"]);
/** Lines without it hold nothing that `hideSecrets` would take out. */
const SUSPICIOUS = /[\w-]{37}|cf(?:ut|at|k)_|v1\.0-|bearer|basic|=|@|PRIVATE(?: |%20)KEY|\$2/i;

/** The third net, over whole lines: a credential that came along in an error, a path or somebody's answer. */
function withoutSecrets(line: string): string {
  if (!SUSPICIOUS.test(line)) return line;
  // Read, not searched as it is: in JSON an escape may stand right before the secret.
  const masked = JSON.stringify(JSON.parse(line), (key, value: unknown) =>
    typeof value === "string" && !LABELS.has(key) ? hideSecrets(value) : value,
  );
  return `${masked}\n`;
}
