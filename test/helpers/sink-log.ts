import type { Log } from "../../src/base/log.ts";

interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines, those of its children with their fields included. */
export interface SinkLog extends Log {
  readonly lines: readonly LogLine[];
}

export function createSinkLog(): SinkLog {
  const lines: LogLine[] = [];
  return { ...child({}), lines };

  function child(bound: Readonly<Record<string, unknown>>): Log {
    const at =
      (level: LogLine["level"]) =>
      (fields: Readonly<Record<string, unknown>>, message: string): void => {
        lines.push({ level, message, fields: { ...bound, ...fields } });
      };
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      child: (fields) => child({ ...bound, ...fields }),
    };
  }
}
