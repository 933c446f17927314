import { z } from "zod";
import { hideSecrets } from "../base/credential-shape.ts";
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
  return writeDocument(withoutSecrets(z.encode(schema, config)), commentOf(config.poll));
}

/** What is shown as it is: what becomes a label, and the email, which has its own place. */
const SHOWN: ReadonlySet<string> = new Set(["name", "members", "labels", "api_email"]);

/** A credential that was pasted where any text will do, such as a pattern, is one all the same. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value === "string") return hideSecrets(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, SHOWN.has(key) ? inner : withoutSecrets(inner)]),
  );
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
