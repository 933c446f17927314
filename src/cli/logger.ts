import { pino } from "pino";
import type { Log } from "../base/log.ts";

/** Secrets are unprintable by their type; these paths are the second net. */
const REDACTED = ["authorization", "token", "api_token", "api_key", "password"].flatMap((key) => [
  key,
  `*.${key}`,
]);

/** The root logger: JSON lines on standard error, so that standard output holds what a command prints. */
export function createLogger(level: "debug" | "info" | "warn" | "error"): Log {
  const options = {
    level,
    base: null,
    redact: { paths: REDACTED, censor: "<secret>" },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(
    { ...options, formatters: { level: (label) => ({ level: label }) } },
    pino.destination({ fd: 2, sync: true }),
  );
}
