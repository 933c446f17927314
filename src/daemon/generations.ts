import type { Config } from "../config/config.ts";
import type { ApiRequest } from "../domain/api-request.ts";
import type { Connect } from "./connect.ts";
import type { Generation } from "./generation.ts";

/** The generation that runs, and the one that takes its place. */
export interface Generations extends AsyncDisposable {
  readonly current: () => Generation;
  /** The configuration in effect. */
  readonly config: () => Config;
  /** Replaces the generation. Rejects when the new one cannot be built; then the old one goes on or starts anew. */
  readonly replace: (config: Config) => Promise<void>;
}

interface GenerationsOptions {
  readonly config: Config;
  readonly connect: Connect;
  readonly observe: (request: ApiRequest) => void;
  readonly start: (config: Config, connect: Connect) => Generation;
}

/** Starts the first generation. Two never run at once, so that no interconnect is polled twice at a time. */
export function startGenerations({ connect, observe, start, ...options }: GenerationsOptions): Generations {
  let { config } = options;
  let current = start(config, connect);
  return {
    current: () => current,
    config: () => config,
    async replace(next) {
      // What a valid configuration can still fail at, it fails at here, while the old one polls.
      const client = connect(next, observe);
      await current[Symbol.asyncDispose]();
      try {
        current = start(next, () => client);
        config = next;
      } catch (error) {
        await client[Symbol.asyncDispose]();
        current = start(config, connect);
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => current[Symbol.asyncDispose](),
  };
}
