import { z } from "zod";
import type { DiscoveryConfig } from "./config.ts";
import { duration, plainText, section } from "./fields.ts";

const SHORTEST_INTERVAL_MS = 1000;
const LONGEST_PATTERN = 255;
const NONE_ERROR = 'expected a list of at least one pattern such as "icon-*"';

const keys = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe("Whether the account is asked for its list. Default: true when no interconnects are listed."),
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
});

/** As written: whether it is on may depend on what else the account says. */
interface DiscoverySettings extends Omit<DiscoveryConfig, "enabled"> {
  readonly enabled: boolean | undefined;
}

export const discoverySchema = section(
  z.codec(keys, z.custom<DiscoverySettings>(), {
    decode: ({ enabled, interval, include, exclude }) => ({
      enabled,
      intervalMs: interval,
      include,
      exclude,
    }),
    encode: ({ enabled, intervalMs, include, exclude }) => ({
      enabled,
      interval: intervalMs,
      include: [...include],
      exclude: [...exclude],
    }),
  }),
).describe("Finds the account's interconnects by the API's list call, beside the listed ones.");

/** The account's discovery in effect; on by default when there would be nothing to poll without. */
export function discoveryOf(settings: DiscoverySettings, interconnects: readonly unknown[]): DiscoveryConfig {
  return { ...settings, enabled: settings.enabled ?? interconnects.length === 0 };
}
