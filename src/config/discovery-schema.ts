import { z } from "zod";
import type { DiscoveryConfig } from "./config.ts";
import { duration, plainText, section } from "./fields.ts";

const SHORTEST_INTERVAL_MS = 1000;
const LONGEST_PATTERN = 255;
const NONE_ERROR = 'expected a list of at least one pattern such as "icon-*"';

export const discoverySchema = section(
  z.strictObject({
    enabled: z.boolean().optional().describe("Default: true when no interconnects are listed."),
    interval: duration(SHORTEST_INTERVAL_MS)
      .prefault("10m")
      .describe("How often the account's interconnects are listed; at least 1s."),
    include: z
      .array(plainText(LONGEST_PATTERN), { error: NONE_ERROR })
      .min(1, { error: NONE_ERROR })
      .prefault(["*"])
      .describe(
        "Names to take; `*` is any run of characters, `?` any one. Put a pattern that starts with * in quotes.",
      ),
    exclude: z
      .array(plainText(LONGEST_PATTERN), { error: 'expected a list of patterns such as "icon-*"' })
      .prefault([])
      .describe("Names to leave out of those; listed interconnects are polled all the same."),
  }),
).describe("Finds the account's interconnects by the API's list call, beside the listed ones.");

/** The account's discovery in effect; on by default when there would be nothing to poll without. */
export function discoveryOf(
  fields: z.output<typeof discoverySchema>,
  interconnects: readonly unknown[],
): DiscoveryConfig {
  const { enabled = interconnects.length === 0, interval: intervalMs, include, exclude } = fields;
  return { enabled, intervalMs, include, exclude };
}
