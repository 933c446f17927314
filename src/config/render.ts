import { z } from "zod";
import { formatDuration } from "../base/duration.ts";
import { writeDocument } from "../document/write.ts";
import type { Config, PollConfig } from "./config.ts";
import { loadContext } from "./load-context.ts";
import { configSchema } from "./schema.ts";

/**
 * The configuration in effect as the text of a config file: defaults filled in, paths absolute, secrets as `<secret>`.
 * With the secrets put back it loads again, to the same effect.
 */
export function renderConfig(config: Config): string {
  // Reads nothing when it goes from values to text.
  const schema = configSchema(loadContext("."));
  return writeDocument(z.encode(schema, config), commentOf(config.poll));
}

/** `stale_after` has no one value while it is left to grow with the interval in effect, so it is told as a comment then. */
function commentOf({ staleAfterConfiguredMs, staleAfterMs }: PollConfig): string {
  const lines = [" The configuration in effect, with its defaults; secrets are not shown."];
  if (staleAfterConfiguredMs === undefined) {
    const stale = formatDuration(staleAfterMs);
    lines.push(
      ` poll.stale_after is not set: it is ${stale}, or 3 x the interval in effect where that is longer.`,
    );
  }
  return lines.join("\n");
}
