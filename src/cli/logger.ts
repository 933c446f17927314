import { pino } from "pino";
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
    { write: (line) => output.write(logFormat === "json" ? line : toLogfmt(line)) },
  );
  output.onFlowing((lines) =>
    log.error({ lines }, "Lines of this log were dropped: it could not be written"),
  );
  return log;
}
