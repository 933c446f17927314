import { z } from "zod";
import { formatDuration } from "../base/duration.ts";
import { rule } from "../document/rule.ts";
import { duration, section, wholeNumber } from "./fields.ts";

const SHORTEST_INTERVAL_MS = 1000;
const SHORTEST_TIMEOUT_MS = 100;

export const pollSchema = section(
  z
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
        .describe(
          "For one whole poll, retries included. Default: 10s, or the interval when that is shorter.",
        ),
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
    ),
).describe("When and how interconnects are polled.");
