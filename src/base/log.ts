type LogMethod = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** The five methods of a logger that the project uses; pino's satisfies it. Messages are static, values are fields. */
export interface Log {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  child(fields: Readonly<Record<string, unknown>>): Log;
}
