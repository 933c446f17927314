import { z } from "zod";
import { formatDuration } from "../base/duration.ts";
import { staleAfterMs } from "../domain/rhythm.ts";
import { rule } from "../document/rule.ts";
import type { PollConfig } from "./config.ts";
import { duration, section, wholeNumber } from "./fields.ts";
import type { LoadContext, Warning } from "./load-context.ts";

const SHORTEST_INTERVAL_MS = 1000;
const SHORTEST_TIMEOUT_MS = 100;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_ATTENTION_INTERVAL_MS = 15_000;

const keys = z
  .strictObject({
    interval: duration(SHORTEST_INTERVAL_MS)
      .prefault("60s")
      .describe("Steady rhythm of every interconnect; at least 1s."),
    attention_interval: duration(SHORTEST_INTERVAL_MS, { zeroIsOff: true })
      .optional()
      .describe(
        "Rhythm of an interconnect that is not as expected, or changed in the last 10 minutes; 0 turns it off. Default: 15s, or the interval when that is shorter.",
      ),
    timeout: duration(SHORTEST_TIMEOUT_MS)
      .optional()
      .describe("For one whole poll, retries included. Default: 10s, or the interval when that is shorter."),
    retries: wholeNumber(0, 10)
      .default(2)
      .describe("Quick retries inside a poll, on network errors and 5xx alone."),
    concurrency: wholeNumber(1, 1000)
      .default(8)
      .describe("Polls in flight, the whole process; at least one for each credential."),
    stale_after: duration(SHORTEST_INTERVAL_MS)
      .optional()
      .describe(
        "Age of the last good answer at which a state is Unknown. Default: the larger of 10m and 3 x the interval in effect.",
      ),
  })
  .check(
    rule(["interval", "timeout"], ({ interval, timeout }, report) => {
      if (timeout === undefined || timeout <= interval) return;
      report(["timeout"], `expected at most poll.interval, ${formatDuration(interval)}`);
    }),
  );

type PollKeys = z.output<typeof keys>;

/** The section `poll`. What is rendered is what counts, which may not be what was written. */
export function pollSchema({ warnings }: LoadContext) {
  return section(
    z.codec(keys.check(...warningRules(warnings)), z.custom<PollConfig>(), {
      decode(written): PollConfig {
        const { interval: intervalMs, retries, concurrency, stale_after: configuredMs } = written;
        return {
          intervalMs,
          attentionIntervalMs: Math.min(
            written.attention_interval ?? DEFAULT_ATTENTION_INTERVAL_MS,
            intervalMs,
          ),
          timeoutMs: written.timeout ?? Math.min(DEFAULT_TIMEOUT_MS, intervalMs),
          retries,
          concurrency,
          staleAfterConfiguredMs: configuredMs,
          staleAfterMs: staleAfterMs(configuredMs, intervalMs),
        };
      },
      encode: (poll): PollKeys => ({
        interval: poll.intervalMs,
        attention_interval: poll.attentionIntervalMs,
        timeout: poll.timeoutMs,
        retries: poll.retries,
        concurrency: poll.concurrency,
        stale_after: poll.staleAfterConfiguredMs === undefined ? undefined : poll.staleAfterMs,
      }),
    }),
  ).describe("When and how interconnects are polled.");
}

/** Each looks at nothing but what it is about, so that a warning does not wait for another value to be mended. */
function warningRules(warnings: Warning[]) {
  return [
    rule<PollKeys>(["interval", "attention_interval"], ({ interval, attention_interval: attention }) => {
      if (attention === undefined || attention <= interval) return;
      const message = `${formatDuration(attention)} is over poll.interval and counts as ${formatDuration(interval)}`;
      warnings.push({ path: ["poll", "attention_interval"], message });
    }),
    rule<PollKeys>(["interval", "stale_after"], ({ interval, stale_after: staleAfter }) => {
      const inEffect = staleAfterMs(staleAfter, interval);
      if (staleAfter === undefined || staleAfter >= inEffect) return;
      const message = `${formatDuration(staleAfter)} is under 2 x poll.interval and counts as ${formatDuration(inEffect)}`;
      warnings.push({ path: ["poll", "stale_after"], message });
    }),
  ];
}
