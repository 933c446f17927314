import { pino } from "pino";
import type { Log } from "../base/log.ts";
import { toLogfmt } from "./logfmt.ts";

/** Secrets are unprintable by their type; these paths are the second net. */
const REDACTED = ["authorization", "token", "api_token", "api_key", "password"].flatMap((key) => [
  key,
  `*.${key}`,
]);

interface LoggerOptions {
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly logFormat: "json" | "logfmt";
}

/** The root logger: lines on standard error, so that standard output holds what a command prints. */
export function createLogger({ logLevel, logFormat }: LoggerOptions): Log {
  const options = {
    level: logLevel,
    base: null,
    redact: { paths: REDACTED, censor: "<secret>" },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const output = pino.destination({ fd: 2, sync: true });
  return pino(
    { ...options, formatters: { level: (label) => ({ level: label }) } },
    logFormat === "json" ? output : { write: (line) => void output.write(toLogfmt(line)) },
  );
}
