import type { Clock } from "../base/clock.ts";
import type { Sink } from "./sink.ts";

/** Text on its way to a descriptor that may be full, slow, closed or broken: none of it is ever waited for. */
export interface Output {
  readonly write: (text: string) => void;
  /** How many writes, each a line of the log, found no room since the start. */
  readonly dropped: () => number;
  /** Calls back with how many were dropped, once everything flows again. */
  readonly onFlowing: (listener: (dropped: number) => void) => void;
  /** Resolves when all is written or cannot be, at the latest when the signal aborts, to what became of it. */
  readonly end: (signal: AbortSignal) => Promise<"written" | "failed" | "waiting">;
}

export interface OutputOptions {
  readonly sink: Sink;
  /** What waits for the sink beyond this is dropped. */
  readonly mostBytes: number;
  readonly clock: Clock;
}

const RETRY_MS = { full: 50, failed: 1000 } as const;

export function createOutput({ sink, mostBytes, clock }: OutputOptions): Output {
  let waiting: Buffer[] = [];
  let held = 0;
  let dropped = 0;
  let toldDropped = 0;
  let state: "idle" | "writing" | "full" | "failed" = "idle";
  let tell: ((dropped: number) => void) | undefined;
  let settle: (() => void) | undefined;
  const ending = new AbortController();

  function pump(): void {
    if (waiting.length === 0) {
      state = "idle";
      settle?.();
      tellDropped();
      return;
    }
    state = "writing";
    const chunk = Buffer.concat(waiting);
    waiting = [];
    sink.write(chunk, ({ bytes, stopped }) => {
      held -= bytes;
      // The rest of a line comes first when it flows again, so that none is cut in two.
      if (bytes < chunk.length) waiting.unshift(chunk.subarray(bytes));
      if (stopped === undefined) return pump();
      state = stopped;
      if (stopped === "failed") settle?.();
      return void clock.sleep(RETRY_MS[stopped], ending.signal).then(pump, () => undefined);
    });
  }

  function tellDropped(): void {
    const since = dropped - toldDropped;
    toldDropped = dropped;
    if (since > 0) tell?.(since);
  }

  return {
    write(text) {
      const bytes = Buffer.from(text);
      if (held + bytes.length > mostBytes) {
        dropped += 1;
        return;
      }
      held += bytes.length;
      waiting.push(bytes);
      if (state === "idle") pump();
    },
    dropped: () => dropped,
    onFlowing(listener) {
      tell = listener;
    },
    async end(signal) {
      if (state === "writing" || state === "full") {
        const { promise, resolve } = Promise.withResolvers<void>();
        settle = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
        if (!signal.aborted) await promise;
      }
      ending.abort();
      if (state === "idle") return "written";
      return state === "failed" ? "failed" : "waiting";
    },
  };
}
